/**
 * `npm run checkov`: runs checkov on the synthesized JSON of all stacks of all environments. Findings are either fixed,
 * or suppressed with a reason in suppressions.ts.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadCatalog } from "../../catalog";
import { type Environment, loadEnvironments } from "../../config";
import { cache } from "../../programs/cache";
import { columns } from "../columns";
import { runProgram } from "../../programs/program";
import { documentedEnvironment } from "../../scripts/permissions/page";
import { type StackJson, synthesizeInto } from "../../scripts/synthesized";
import { composerStacks, withComposer } from "../../scripts/with-composer";
import { streamingStacks, withStreaming } from "../../scripts/with-streaming";
import { conclude, type Verdict } from "../verdict";
import { type Findings, findingsIn } from "./findings";
import { checkov, version } from "./install";
import { judged, type Judgement } from "./judge";
import { suppressions } from "./suppressions";

void conclude(async () => {
  const place = mkdtempSync(join(tmpdir(), "checkov-"));
  try {
    const catalog = loadCatalog();
    const stacks = new Map([
      ...loadEnvironments().flatMap((environment) => [
        ...synthesizeInto(join(place, environment.name), { environment, catalog }),
      ]),
      ...loadEnvironments()
        .filter(({ name }) => name === documentedEnvironment)
        .flatMap((environment) => [
          ...only(composerStacks, join(place, "composer"), withComposer(environment)),
          ...only(streamingStacks, join(place, "streaming"), withStreaming(environment)),
        ]),
    ]);
    const tool = await checkov(cache);
    if (tool.kind === "missing") {
      process.stdout.write(`skipped: ${tool.title}: ${tool.reason}\n\n`);
      return [...stacks.keys()].map((): Verdict => "skipped");
    }
    return report(await scan(tool.place.python, place, stacks), stacks);
  } finally {
    rmSync(place, { recursive: true });
  }
});

/** Some stacks in a folder of their own: the others are those of the environment, but for some grants. */
function only(
  choose: (stacks: ReadonlyMap<string, StackJson>) => [string, StackJson][],
  folder: string,
  environment: Environment,
): [string, StackJson][] {
  const all = synthesizeInto(folder, { environment, catalog: loadCatalog() });
  const kept = choose(all);
  for (const name of all.keys())
    if (!kept.some(([stack]) => stack === name)) rmSync(join(folder, "stacks", name), { recursive: true });
  return kept;
}

/** @throws Error when checkov returned no result or omitted a stack */
async function scan(
  python: string,
  place: string,
  stacks: ReadonlyMap<string, StackJson>,
): Promise<Findings> {
  // checkov cannot read a file with it; it says what Terraform forgets, and there is nothing to check in it.
  for (const [stack, { removed, ...json }] of stacks) {
    if (removed === undefined) continue;
    const file = join(place, stack.replace(/-.*$/, ""), "stacks", stack, "cdk.tf.json");
    writeFileSync(file, JSON.stringify(json));
  }
  const options = "--framework terraform_json --compact --skip-download --output json".split(" ");
  const { stdout, stderr } = await runProgram(
    python,
    ["-m", "checkov.main", "--directory", place, ...options],
    {
      cwd: place,
      // Without the user's credentials and configuration.
      env: { PATH: process.env.PATH, HOME: place },
    },
  );
  if (!stdout.startsWith("{")) throw new Error(`checkov returned no result:\n${stderr}`);
  const found = findingsIn({ stdout, stderr }, stacks);
  const unseen = [...stacks.keys()].filter(
    (stack) => !found.passed.has(stack) && !found.findings.some((finding) => finding.stack === stack),
  );
  if (unseen.length > 0) throw new Error(`checkov ran no checks on ${unseen.join(", ")}`);
  return found;
}

/** Prints the findings. Returns one verdict per stack and one for the suppressions. */
function report({ findings, passed }: Findings, stacks: ReadonlyMap<string, StackJson>): Verdict[] {
  const judgement = judged(findings, suppressions);
  process.stdout.write(`${text(judgement)}\n\n`);
  const total = [...passed.values()].reduce((sum, count) => sum + count, 0);
  const kept = judgement.suppressed.reduce((sum, { count }) => sum + count, 0);
  process.stdout.write(
    `checkov ${version}: ${stacks.size} stacks, ${total} checks passed, ${judgement.open.length} failed, ` +
      `${kept} suppressed\n\n`,
  );
  const clean = (stack: string) => !judgement.open.some((finding) => finding.stack === stack);
  return [
    ...[...stacks.keys()].map((stack): Verdict => (clean(stack) ? "passed" : "failed")),
    judgement.faults.length === 0 ? "passed" : "failed",
  ];
}

function text({ open, suppressed, faults }: Judgement): string {
  const table = columns([
    ["check", "found", "constructs", "reason for suppression"],
    ...suppressed.map(({ suppression: { check, constructs, reason }, count }) => [
      check,
      count,
      constructs,
      reason,
    ]),
  ]);
  return [
    table,
    ...open.map(({ check, construct, title }) => `${check}: ${construct}\n  ${title}`),
    ...faults.map((fault) => `checks/checkov/suppressions.ts: ${fault}`),
  ].join("\n\n");
}
