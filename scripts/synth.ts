/** `npm run synth`: writes cdktf.out for PLATFORM_ENV and prints what is in it. Needs neither Terraform nor network. */
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { platformApp } from "../app";
import { plainly } from "./plainly";
import { readStacks, type StackJson } from "./synthesized";

plainly(() => {
  const { app, environment, stacks } = platformApp(process.env);
  app.synth();
  const names = stacks.map((stack) => stack.node.id);
  removeOthers(app.outdir, names);
  process.stdout.write(`${table(readStacks(app.outdir))}\n\n${environment.name}: written to ${app.outdir}\n`);
});

/** The folder holds one environment: stacks of an earlier synthesis would be taken for its own. */
function removeOthers(outdir: string, names: readonly string[]): void {
  const stacks = join(outdir, "stacks");
  for (const name of readdirSync(stacks)) {
    if (!names.includes(name)) rmSync(join(stacks, name), { recursive: true });
  }
}

/** One line a stack: name, number of resources, and how many of each type. */
function table(stacks: ReadonlyMap<string, StackJson>): string {
  const counts = [...stacks].map(([name, { resource }]) => {
    const types = Object.entries(resource).map(([type, byId]) => ({ type, count: Object.keys(byId).length }));
    return { name, types, total: types.reduce((sum, { count }) => sum + count, 0) };
  });
  const width = Math.max(...counts.map(({ name }) => name.length));
  const lines = counts.flatMap(({ name, types, total }) => [
    `${name.padEnd(width)}  ${String(total).padStart(4)} resources`,
    ...types.map(({ type, count }) => `${"".padEnd(width)}  ${String(count).padStart(4)} ${type}`),
  ]);
  const all = counts.reduce((sum, { total }) => sum + total, 0);
  return [...lines, `${"all".padEnd(width)}  ${String(all).padStart(4)} resources`].join("\n");
}
