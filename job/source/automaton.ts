/**
 * Deterministic automata over bytes, compiled from regular expressions. One step per byte without backtracking: a whole
 * file can be matched with the patterns of its columns while its rows are counted.
 */
export interface Automaton {
  /** Number of states; the first is 0. */
  readonly size: number;
  /** The state after another byte, or -1 when no pattern can match. */
  readonly step: (state: number, byte: number) => number;
  /** Bytes of one class lead to the same states, from any state. */
  readonly classOf: (byte: number) => number;
  /** Whether the pattern with this index matches what has been read up to the state. */
  readonly accepts: (state: number, pattern: number) => boolean;
}

/**
 * @param patterns regular expressions for the whole text, one character per byte: literals, escapes, classes, groups,
 *   `|`, `?`, `*`, `+` and `{n}`, `{n,m}`
 */
export function automaton(patterns: readonly string[]): Automaton {
  const graph = new Graph();
  const starts = patterns.map((pattern) => parsed(pattern)(graph, graph.end()));
  const ends = graph.ends;
  const sets: (readonly number[])[] = [];
  const known = new Map<string, number>();
  const stateOf = (nodes: Iterable<number>): number => {
    const set = graph.closure(nodes);
    const key = set.join(" ");
    const found = known.get(key);
    if (found !== undefined) return found;
    known.set(key, sets.length);
    sets.push(set);
    return sets.length - 1;
  };
  stateOf(starts);
  const classes = graph.byteClasses();
  const table: Int32Array[] = [];
  for (let state = 0; state < sets.length; state += 1) {
    const row = new Int32Array(256).fill(-1);
    const reading = (sets[state] ?? []).filter((node) => graph.bytes(node).size > 0);
    for (const bytes of classes) {
      const [sample = 0] = bytes;
      const targets = reading
        .filter((node) => graph.bytes(node).has(sample))
        .map((node) => graph.target(node));
      if (targets.length === 0) continue;
      const next = stateOf(targets);
      for (const byte of bytes) row[byte] = next;
    }
    table.push(row);
  }
  const accepted = sets.map((set) => ends.map((end) => set.includes(end)));
  return {
    size: sets.length,
    classOf: (byte) => classes.findIndex((bytes) => bytes.includes(byte)),
    step: (state, byte) => table[state]?.[byte] ?? -1,
    accepts: (state, pattern) => accepted[state]?.[pattern] ?? false,
  };
}

/** A nondeterministic automaton: nodes that read one of several bytes, or none. */
class Graph {
  private readonly nodes: { readonly bytes: ReadonlySet<number>; readonly next: number[] }[] = [];
  readonly ends: number[] = [];

  end(): number {
    const node = this.add([], []);
    this.ends.push(node);
    return node;
  }

  add(bytes: Iterable<number>, next: readonly number[]): number {
    this.nodes.push({ bytes: new Set(bytes), next: [...next] });
    return this.nodes.length - 1;
  }

  /** Adds a successor to a node that reads nothing. */
  link(node: number, next: number): void {
    this.nodes[node]?.next.push(next);
  }

  bytes(node: number): ReadonlySet<number> {
    return this.nodes[node]?.bytes ?? new Set();
  }

  target(node: number): number {
    return this.nodes[node]?.next[0] ?? -1;
  }

  /** The nodes that are reached without reading. */
  closure(from: Iterable<number>): number[] {
    const seen = new Set<number>();
    const open = [...from];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (seen.has(node)) continue;
      seen.add(node);
      const found = this.nodes[node];
      if (found?.bytes.size === 0) open.push(...found.next);
    }
    return [...seen].sort((a, b) => a - b);
  }

  /** Bytes grouped by class: no node distinguishes bytes of the same class. */
  byteClasses(): readonly (readonly number[])[] {
    let classes: (readonly number[])[] = [Array.from({ length: 256 }, (_, byte) => byte)];
    const seen = new Set<string>();
    for (const { bytes } of this.nodes) {
      const key = [...bytes].join();
      if (seen.has(key)) continue;
      seen.add(key);
      classes = classes.flatMap((all) => {
        const inside = all.filter((byte) => bytes.has(byte));
        if (inside.length === 0 || inside.length === all.length) return [all];
        return [inside, all.filter((byte) => !bytes.has(byte))];
      });
    }
    return classes;
  }
}

/** Adds nodes that match a part of a pattern before a node; returns the first one. */
type Part = (graph: Graph, next: number) => number;

function parsed(pattern: string): Part {
  let at = 0;
  const alternatives = (): Part => {
    const all = [sequence()];
    while (pattern[at] === "|") {
      at += 1;
      all.push(sequence());
    }
    const [only] = all;
    if (only !== undefined && all.length === 1) return only;
    return (graph, next) =>
      graph.add(
        [],
        all.map((part) => part(graph, next)),
      );
  };
  const sequence = (): Part => {
    const parts: Part[] = [];
    while (at < pattern.length && pattern[at] !== "|" && pattern[at] !== ")") parts.push(repeated(atom()));
    return (graph, next) => parts.reduceRight((after, part) => part(graph, after), next);
  };
  const atom = (): Part => {
    if (pattern[at] === "(") {
      at += 1;
      const inner = alternatives();
      at += 1;
      return inner;
    }
    const bytes = pattern[at] === "[" ? byteClass() : [character()];
    return (graph, next) => graph.add(bytes, [next]);
  };
  const byteClass = (): readonly number[] => {
    const bytes: number[] = [];
    for (at += 1; pattern[at] !== "]";) {
      const first = character();
      if (pattern[at] === "-" && pattern[at + 1] !== "]") {
        at += 1;
        const last = character();
        for (let byte = first; byte <= last; byte += 1) bytes.push(byte);
      } else bytes.push(first);
    }
    at += 1;
    return bytes;
  };
  const character = (): number => {
    if (pattern[at] === "\\") {
      const escape = pattern[at + 1] ?? "";
      const hex = escape === "x" ? pattern.slice(at + 2, at + 4) : "";
      at += 2 + hex.length;
      if (escape === "x") return parseInt(hex, 16);
      if (escape === "t") return 9;
      return escape.charCodeAt(0);
    }
    at += 1;
    return pattern.charCodeAt(at - 1);
  };
  const repeated = (part: Part): Part => {
    const [least, most] = repetition();
    if (least === 1 && most === 1) return part;
    return (graph, next) => {
      let node = next;
      if (most === Infinity) {
        const loop = graph.add([], [next]);
        graph.link(loop, part(graph, loop));
        node = loop;
      } else {
        for (let count = least; count < most; count += 1) node = graph.add([], [next, part(graph, node)]);
      }
      for (let count = 0; count < least; count += 1) node = part(graph, node);
      return node;
    };
  };
  const repetition = (): readonly [number, number] => {
    const found = /^(?:([?*+])|\{([0-9]+)(?:,([0-9]+))?\})/.exec(pattern.slice(at, at + 12));
    if (found === null) return [1, 1];
    at += found[0].length;
    const [, sign, least = "", most = least] = found;
    if (sign === undefined) return [Number(least), Number(most)];
    return [sign === "+" ? 1 : 0, sign === "?" ? 1 : Infinity];
  };
  return alternatives();
}
