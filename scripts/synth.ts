/** `npm run synth`: writes cdktf.out for PLATFORM_ENV and prints a summary. Requires neither Terraform nor network. */
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { platformApp } from "../app";
import { faultsText } from "../errors/faults";
import { runMain } from "./run-main";
import { readStacks, type StackJson } from "./synthesized";

runMain(() => {
  const { app, environment, stacks, warnings, synth } = platformApp(process.env);
  synth();
  const names = stacks.map((stack) => stack.node.id);
  removeOthers(app.outdir, names);
  process.stdout.write(`${table(readStacks(app.outdir))}\n\n${environment.name}: written to ${app.outdir}\n`);
  if (warnings.length > 0)
    process.stdout.write(
      `\n${faultsText(`config/${environment.name}.ts`, warnings, "warning")}\n` +
        (warnings.some((warning) => warning.endsWith("is a placeholder"))
          ? `To fill in placeholders: npm run init -- --env ${environment.name}\n`
          : ""),
    );
});

/** Removes stacks of other environments: the folder must contain one environment only. */
function removeOthers(outdir: string, names: readonly string[]): void {
  const stacks = join(outdir, "stacks");
  for (const name of readdirSync(stacks)) {
    if (!names.includes(name)) rmSync(join(stacks, name), { recursive: true });
  }
}

/** One line per stack with its number of resources, followed by one line per resource type. */
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
  return [...lines, `${"total".padEnd(width)}  ${String(all).padStart(4)} resources`].join("\n");
}
