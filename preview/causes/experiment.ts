import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Cause } from "../input";
import { synthesize, SynthesisFailed } from "../synthesis/synthesize";
import { type StackFolder, stackFolders } from "../../terraform/stack-folder";
import { type Differing, differing, referenceOf } from "./difference";
import { changedFiles, copy, copyProject } from "./files";
import { type Effect, explain } from "./explain";
import { parseJson } from "../plan/parse-json";

export interface Sides {
  readonly base: Side;
  readonly head: Side;
  /** Name of the environment. @default - the default of the app */
  readonly environment?: string | undefined;
  /** An empty folder for copies of the project. */
  readonly place: string;
  readonly signal?: AbortSignal;
}

export interface Side {
  /** Folder of the project. */
  readonly project: string;
  /** Synthesized stacks. */
  readonly stacks: readonly StackFolder[];
}

/**
 * Determines by experiment which files cause the differences between two synthesized apps: files are reverted to base,
 * and the app is synthesized; resources that no longer differ are caused by these files. A binary search excludes files
 * without effect quickly.
 */
export async function findCauses(sides: Sides): Promise<readonly Cause[]> {
  const { base, head, signal } = sides;
  const all = differing(base.stacks, head.stacks);
  if (all.size === 0) return [];
  const files = await changedFiles(base.project, head.project, signal);
  const bench = new Bench(sides, all);
  const found = await explain(files, all, {
    revert: (group) => bench.effect("head", group),
    apply: (group) => bench.effect("base", group),
  });
  return found
    .filter((one) => one.files.length <= mostFiles)
    .map((one) => ({ files: one.files, resources: [...one.keys].sort().map(referenceOf) }));
}

/** A cause with more files is not helpful. */
const mostFiles = 6;

/** Two copies of the project: head to revert files in, and base to apply files to. */
class Bench {
  private readonly copies = new Map<keyof Pick<Sides, "base" | "head">, Promise<string>>();
  private queue: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly sides: Sides,
    private readonly all: Differing,
  ) {}

  /** The resources that change if files of one side are replaced with those of the other side. */
  effect(side: "base" | "head", files: readonly string[]): Promise<Effect> {
    // Experiments share the copy, so they run sequentially.
    const result = this.queue.then(() => this.replaced(side, files));
    this.queue = result.catch(() => undefined);
    return result;
  }

  private async replaced(side: "base" | "head", files: readonly string[]): Promise<Effect> {
    const { environment, place, signal } = this.sides;
    const [own, other] = [this.sides[side], this.sides[side === "head" ? "base" : "head"]];
    const folder = await this.copyOf(side);
    const outdir = join(place, `${side}.out`);
    for (const file of files) put(join(other.project, file), join(folder, file));
    try {
      await synthesize({ project: folder, outdir, environment, ...(signal && { signal }) });
      const changed = differing(own.stacks, stackFolders(outdir, parseJson));
      return new Set([...changed].filter((key) => this.all.has(key)));
    } catch (error) {
      // A partial change can be invalid.
      if (error instanceof SynthesisFailed) return undefined;
      throw error;
    } finally {
      for (const file of files) put(join(own.project, file), join(folder, file));
    }
  }

  private copyOf(side: "base" | "head"): Promise<string> {
    const there = this.copies.get(side);
    if (there !== undefined) return there;
    const folder = join(this.sides.place, side);
    const made = copyProject(this.sides[side].project, folder, this.sides.signal).then(() => folder);
    this.copies.set(side, made);
    return made;
  }
}

/** Replaces a file with that of another folder, or deletes it if it does not exist there. */
function put(from: string, to: string): void {
  rmSync(to, { force: true });
  copy(from, to);
}
