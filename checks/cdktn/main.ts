/**
 * `npm run test:cdktn`: checks that the source synthesizes to the same JSON with CDK Terrain, the successor of cdktf. A
 * copy of the source uses it by an npm override; all stacks of all environments are compared, except for metadata.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as z from "zod/mini";
import { loadEnvironments } from "../../config";
import { bundled } from "../../scripts/bundled";
import { withoutNotes } from "../../scripts/golden/render";
import { runProgram } from "../../programs/program";
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

/** Runs the app in a folder for all environments, and returns its stacks by name. */
async function synthesizedBy(folder: string, place: string): Promise<ReadonlyMap<string, StackJson>> {
  // Inside the folder, because the program looks for the catalog in its parent folders.
  const app = resolve(folder, "dist", "cdktn.cjs");
  bundled(entry, app, folder);
  const stacks = new Map<string, StackJson>();
  for (const { name } of loadEnvironments()) {
    const outdir = mkdtempSync(join(place, "out-"));
    const env = { ...process.env, PLATFORM_ENV: name, CDKTF_OUTDIR: outdir };
    const { exitCode, stderr } = await runProgram(process.execPath, [app], { env });
    if (exitCode !== 0) throw new Error(`synthesis of ${name} failed in ${folder}:\n${stderr}`);
    for (const [stack, json] of readStacks(outdir)) stacks.set(stack, json);
  }
  return stacks;
}

function compared(ours: ReadonlyMap<string, StackJson>, theirs: ReadonlyMap<string, StackJson>): Verdict[] {
  const names = new Set([...ours.keys(), ...theirs.keys()]);
  return [...names].map((stack) => {
    const [one, other] = [ours.get(stack), theirs.get(stack)];
    if (one === undefined || other === undefined) {
      process.stdout.write(`${stack}: synthesized by ${one === undefined ? terrain : "cdktf"} only\n\n`);
      return "failed";
    }
    const found = differences(withoutNotes(one), withoutNotes(other));
    const [from, to] = [versionOf(one), versionOf(other)];
    if (from === to) found.push(`both were synthesized by version ${from}: the override had no effect`);
    process.stdout.write(
      `${stack}: ${found.length === 0 ? `identical with cdktf ${from} and cdktn ${to}` : "differs"}\n`,
    );
    for (const path of found) process.stdout.write(`  ${path}\n`);
    return found.length === 0 ? "passed" : "failed";
  });
}

const notes = z.object({ "//": z.object({ metadata: z.object({ version: z.string() }) }) });

/** Version of the library that synthesized a stack. */
function versionOf(stack: StackJson): string {
  return notes.parse(stack)["//"].metadata.version;
}
