import type { Lineage, LineageNode } from "./data";
import { html, type Html } from "../report/html";

const width = 1260;
const box = { width: 225, height: 34, gap: 12 };

/** The models as a graph from left to right: raw, staging in two columns, core by its depth. */
export function lineageGraph({ nodes }: Lineage): Html {
  const placed = placesOf(nodes);
  const rows = Math.max(...[...placed.values()].map(({ row }) => row)) + 1;
  const height = rows * (box.height + box.gap) + 30;
  const at = (name: string) => {
    const place = placed.get(name);
    if (place === undefined) return undefined;
    const step = (width - box.width) / Math.max(1, columnsIn(placed) - 1);
    return { x: place.column * step, y: 30 + place.row * (box.height + box.gap) };
  };
  const lines = nodes.flatMap(({ name, reads }) =>
    reads.flatMap((from) => {
      const [start, end] = [at(from), at(name)];
      if (start === undefined || end === undefined) return [];
      const [x1, y1] = [start.x + box.width, start.y + box.height / 2];
      const [x2, y2] = [end.x, end.y + box.height / 2];
      const bend = Math.max(20, (x2 - x1) / 2);
      return [html`<path d="M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}" />`];
    }),
  );
  const boxes = nodes.flatMap((node) => {
    const place = at(node.name);
    return place === undefined ? [] : [nodeBox(node, place)];
  });
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Lineage of the models">
    <svg class="lineage" viewBox="0 0 ${width} ${height}" role="img" aria-label="Models from raw to core">
      <g class="edges">${lines}</g>
      ${boxes}
    </svg>
  </div>`;
}

function nodeBox({ name, layer, tests }: LineageNode, { x, y }: { x: number; y: number }): Html {
  const bad = tests.failed > 0;
  const mark = bad ? `✗ ${tests.failed}` : tests.passed > 0 ? `✓ ${tests.passed}` : "";
  return html`<g class="node ${layer} ${bad ? "bad" : ""}" transform="translate(${x} ${y})">
    <title>${layer}.${name}: ${tests.passed} tests passed, ${tests.failed} failed</title>
    <rect width="${box.width}" height="${box.height}" rx="6" />
    <text x="8" y="21">${name.length > 23 ? `${name.slice(0, 22)}…` : name}</text>
    <text class="tests" x="${box.width - 8}" y="21">${mark}</text>
  </g>`;
}

interface Place {
  readonly column: number;
  readonly row: number;
}

/** The column of a node is one after the last of those that it reads; its row is that of its name in the column. */
function placesOf(nodes: readonly LineageNode[]): ReadonlyMap<string, Place> {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const depths = new Map<string, number>();
  const depth = (name: string): number => {
    const known = depths.get(name);
    if (known !== undefined) return known;
    const reads = byName.get(name)?.reads ?? [];
    const found = reads.length === 0 ? 0 : Math.max(...reads.map(depth)) + 1;
    depths.set(name, found);
    return found;
  };
  const rows = new Map<number, number>();
  return new Map(
    [...byName.keys()].sort().map((name) => {
      const column = depth(name);
      const row = rows.get(column) ?? 0;
      rows.set(column, row + 1);
      return [name, { column, row }];
    }),
  );
}

function columnsIn(placed: ReadonlyMap<string, Place>): number {
  return Math.max(...[...placed.values()].map(({ column }) => column)) + 1;
}
