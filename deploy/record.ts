import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import type { Outcome } from "../terraform/run-in-order";
import type { StackFolder } from "../terraform/stack-folder";
import type { Request } from "./request";

/** What a run did: which stacks it changed, and which it found as they should be. */
export interface Result {
  readonly action: Request["action"];
  readonly outcomes: ReadonlyMap<StackFolder, Outcome>;
  readonly unchanged: readonly StackFolder[];
}

/**
 * Records in the project which stacks of an environment exist, if the app asks for it with `record.json` in its output.
 * The next synthesis then refuses what would lose them.
 *
 * @returns what was recorded, or undefined when nothing had to be
 */
export function record(outdir: string, { action, outcomes, unchanged }: Result): string | undefined {
  const ask = join(outdir, "record.json");
  if (!existsSync(ask)) return undefined;
  const { file, environment, record: wanted } = request.parse(JSON.parse(readFileSync(ask, "utf8")));
  const all = existsSync(file) ? records.parse(JSON.parse(readFileSync(file, "utf8"))) : {};
  const before = all[environment]?.stacks ?? [];
  const done = [...outcomes].flatMap(([{ name }, { kind }]) => (kind === "done" ? [name] : []));
  const touched = new Set([...done, ...unchanged.map(({ name }) => name)]);
  const stacks =
    action === "deploy"
      ? [...new Set([...before, ...touched])].sort()
      : before.filter((name) => !touched.has(name));
  const others = Object.entries(all).filter(([name]) => name !== environment);
  // A destruction leaves the settings as they are.
  const settings = action === "deploy" ? wanted : all[environment];
  const own = stacks.length === 0 ? [] : [[environment, { ...settings, stacks }] as const];
  const after = Object.fromEntries([...others, ...own].sort(([one], [other]) => (one < other ? -1 : 1)));
  if (JSON.stringify(after) === JSON.stringify(all)) return undefined;
  writeFileSync(file, `${JSON.stringify(after, null, 2)}\n`);
  return `${file} records what is deployed now: commit it, so that no later change loses it unnoticed.`;
}

const entry = z.looseObject({ stacks: z.array(z.string()) });
const records = z.record(z.string(), entry);
const request = z.object({
  /** Path of the record in the project. */
  file: z.string(),
  environment: z.string(),
  /** What to record of the environment, except its stacks. */
  record: entry,
});
