/**
 * `npm run actionlint [-- file ...]`: checks the workflows in .github/workflows/ and, if shellcheck is installed, their
 * shell scripts. actionlint is built on first use; without Go, the workflows are skipped.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { cache } from "../../programs/cache";
import { runProgram } from "../../programs/program";
import { conclude, type Verdict } from "../verdict";
import { installActionlint } from "./install";

void conclude(async () => {
  const files = process.argv.slice(2);
  const workflows = files.length > 0 ? files : workflowFiles();
  const actionlint = await installActionlint(cache);
  if (actionlint.kind === "missing") {
    process.stdout.write(`skipped: ${actionlint.title}: ${actionlint.reason}\n\n`);
    return workflows.map(() => "skipped");
  }
  const verdicts: Verdict[] = [];
  for (const file of workflows) {
    const { exitCode, stdout, stderr } = await runProgram(actionlint.place.program, ["-no-color", file]);
    verdicts.push(exitCode === 0 ? "passed" : "failed");
    process.stdout.write(`${file}: ${exitCode === 0 ? "ok" : "failed"}\n${stdout}${stderr}`);
  }
  process.stdout.write("\n");
  return verdicts;
});

function workflowFiles(): string[] {
  const folder = join(".github", "workflows");
  return readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}
