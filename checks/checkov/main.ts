/**
 * `npm run checkov`: checkov over the synthesized JSON of every stack of every environment. What it finds is either
 * put right or suppressed, with the reason, in suppressions.ts.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadCatalog } from "../../catalog";
import { environments, loadEnvironment } from "../../config";
import { cache } from "../cache";
import { columns } from "../columns";
import { runProgram } from "../../scripts/program";
import { type StackJson, synthesizeInto } from "../../scripts/synthesized";
import { conclude, type Verdict } from "../verdict";
import { type Findings, findingsIn } from "./findings";
import { checkov, version } from "./install";
import { judged, type Judgement } from "./judge";
import { suppressions } from "./suppressions";

void conclude(async () => {
  const place = mkdtempSync(join(tmpdir(), "checkov-"));
  try {
    const stacks = new Map(
      environments.flatMap(({ name }) => [
        ...synthesizeInto(join(place, name), { environment: loadEnvironment(name), catalog: loadCatalog() }),
      ]),
    );
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

/** @throws Error when checkov did not come to an end, or left out a stack */
async function scan(
  python: string,
  place: string,
  stacks: ReadonlyMap<string, StackJson>,
): Promise<Findings> {
  const options = "--framework terraform_json --compact --skip-download --output json".split(" ");
  const { stdout, stderr } = await runProgram(
    python,
    ["-m", "checkov.main", "--directory", place, ...options],
    {
      cwd: place,
      // No account and no configuration of whoever runs it.
      env: { PATH: process.env.PATH, HOME: place },
    },
  );
  if (!stdout.startsWith("{")) throw new Error(`checkov ended with no result:\n${stderr}`);
  const found = findingsIn({ stdout, stderr }, stacks);
  const unseen = [...stacks.keys()].filter(
    (stack) => !found.passed.has(stack) && !found.findings.some((finding) => finding.stack === stack),
  );
  if (unseen.length > 0) throw new Error(`checkov checked nothing in ${unseen.join(", ")}`);
  return found;
}

/** Prints what was found; a verdict for each stack and one for the suppressions. */
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
    ["check", "found", "constructs", "suppressed because"],
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
