/**
 * `npm run test:cdktn`: the source synthesizes to the same JSON under CDK Terrain, the continuation of cdktf. A copy
 * of the source gets it by npm's override, and every stack of every environment is compared, cdktf's own notes aside.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as z from "zod/mini";
import { environments } from "../../config";
import { bundled } from "../../scripts/bundled";
import { withoutNotes } from "../../scripts/golden-render";
import { runProgram } from "../../scripts/program";
import { readStacks, type StackJson } from "../../scripts/synthesized";
import { conclude, type Verdict } from "../verdict";
import { copyWithTerrain, terrain } from "./copy";
import { differences } from "./differences";

const entry = "main.ts";

void conclude(async () => {
  const place = mkdtempSync(join(tmpdir(), "cdktn-"));
  const copy = join(place, "copy");
  mkdirSync(copy);
  try {
    const missing = await copyWithTerrain(entry, copy);
    const ours = await synthesizedBy(".", place);
    if (missing !== undefined) {
      process.stdout.write(`skipped: ${missing}\n\n`);
      return [...ours.keys()].map((): Verdict => "skipped");
    }
    return compared(ours, await synthesizedBy(copy, place));
  } finally {
    rmSync(place, { recursive: true });
  }
});

/** Runs the app of a folder for every environment, and returns its stacks by name. */
async function synthesizedBy(folder: string, place: string): Promise<ReadonlyMap<string, StackJson>> {
  // Below its folder: the catalog is looked for beside the program.
  const app = resolve(folder, "dist", "cdktn.cjs");
  bundled(entry, app, folder);
  const stacks = new Map<string, StackJson>();
  for (const { name } of environments) {
    const outdir = mkdtempSync(join(place, "out-"));
    const env = { ...process.env, PLATFORM_ENV: name, CDKTF_OUTDIR: outdir };
    const { exitCode, stderr } = await runProgram(process.execPath, [app], { env });
    if (exitCode !== 0) throw new Error(`${name} does not synthesize in ${folder}:\n${stderr}`);
    for (const [stack, json] of readStacks(outdir)) stacks.set(stack, json);
  }
  return stacks;
}

function compared(ours: ReadonlyMap<string, StackJson>, theirs: ReadonlyMap<string, StackJson>): Verdict[] {
  const names = new Set([...ours.keys(), ...theirs.keys()]);
  return [...names].map((stack) => {
    const [one, other] = [ours.get(stack), theirs.get(stack)];
    if (one === undefined || other === undefined) {
      process.stdout.write(`${stack}: only ${one === undefined ? terrain : "cdktf"} has it\n\n`);
      return "failed";
    }
    const found = differences(withoutNotes(one), withoutNotes(other));
    const [from, to] = [versionOf(one), versionOf(other)];
    if (from === to) found.push(`both were written by version ${from}: the override had no effect`);
    process.stdout.write(
      `${stack}: ${found.length === 0 ? `the same under cdktf ${from} and cdktn ${to}` : "differs"}\n`,
    );
    for (const path of found) process.stdout.write(`  ${path}\n`);
    return found.length === 0 ? "passed" : "failed";
  });
}

const notes = z.object({ "//": z.object({ metadata: z.object({ version: z.string() }) }) });

/** Of the library that wrote a stack. */
function versionOf(stack: StackJson): string {
  return notes.parse(stack)["//"].metadata.version;
}
