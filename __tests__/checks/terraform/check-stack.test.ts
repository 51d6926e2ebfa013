import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StackJson } from "../../../scripts/synthesized";
import { checkStack } from "../../../checks/terraform/check-stack";
import { report } from "../../../checks/terraform/report";
import type { Terraform } from "../../../terraform/terraform";

/** Recorded output of Terraform with the real provider. */
const recorded = (name: string) => readFileSync(join(__dirname, "recorded", name), "utf8");

/** A Terraform that returns recorded results and keeps the commands that it received. */
function replaying(answers: Record<string, { exitCode: number; stdout?: string; stderr?: string }>) {
  const asked: { args: readonly string[]; download: boolean }[] = [];
  const terraform: Terraform = {
    version: "1.11.4",
    platform: "linux_amd64",
    run(args, { download = false }) {
      asked.push({ args, download });
      const answer = answers[args[0] ?? ""];
      if (answer === undefined) throw new Error(`unexpected: terraform ${args.join(" ")}`);
      return Promise.resolve({ stderr: "", ...answer, stdout: Buffer.from(answer.stdout ?? "") });
    },
  };
  return { terraform, asked };
}

const json: StackJson = {
  provider: { google: [{ project: "replace-me-dev" }] },
  terraform: {
    backend: { gcs: { bucket: "replace-me-dev-state" } },
    required_providers: { google: { source: "google", version: "6.50.0" } },
  },
  resource: { google_bigquery_table: { trips: { table_id: "trips" } } },
  data: {},
};
const providers = new Map([["google", { kind: "there", version: "6.50.0", pluginDir: "/plugins" } as const]]);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "check-stack-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const check = (terraform: Terraform, stack: StackJson = json) =>
  checkStack({ stack: "dev-warehouse", json: stack, folder }, { terraform, providers });

const clean = recorded("warning.plan.jsonl")
  .split("\n")
  .filter((line) => !line.includes('"type":"diagnostic"'))
  .join("\n");
const valid = recorded("unreachable.validate.json");

test("checkStack passes a stack without diagnostics, offline and with the local plugins", async () => {
  const { terraform, asked } = replaying({
    init: { exitCode: 0 },
    validate: { exitCode: 0, stdout: valid },
    plan: { exitCode: 0, stdout: clean },
  });
  const result = await check(terraform);
  expect(result).toMatchObject({ verdict: "passed", add: 1, diagnostics: [] });
  expect(asked.map(({ download }) => download)).toEqual([false, false, false]);
  expect(asked[0]?.args).toContain("-plugin-dir=/plugins");
  expect(existsSync(join(folder, "z_override.tf.json"))).toBe(true);
});

test("checkStack fails on a warning and reports it once, with its position", async () => {
  const { terraform } = replaying({
    init: { exitCode: 0 },
    validate: { exitCode: 0, stdout: recorded("warning.validate.json") },
    plan: { exitCode: 0, stdout: recorded("warning.plan.jsonl") },
  });
  const result = await check(terraform);
  expect(result).toMatchObject({ verdict: "failed", steps: { plan: "ok" }, add: 1 });
  expect(result.diagnostics).toHaveLength(1);
  expect(report([result])).toContain(
    "warning: dev-warehouse: google_bigquery_table.trips.time_partitioning\n  Argument is deprecated\n  This field",
  );
});

test("checkStack does not plan a stack that is not valid", async () => {
  const { terraform, asked } = replaying({
    init: { exitCode: 0 },
    validate: { exitCode: 1, stdout: recorded("error.validate.json") },
  });
  const result = await check(terraform);
  expect(result).toMatchObject({
    verdict: "failed",
    steps: { init: "ok", validate: "failed", plan: "-" },
    diagnostics: [{ summary: "Missing required argument" }, { summary: "Extraneous JSON object property" }],
  });
  expect(asked).toHaveLength(2);
});

test("checkStack fails if the plan requires network access", async () => {
  const { terraform } = replaying({
    init: { exitCode: 0 },
    validate: { exitCode: 0, stdout: valid },
    plan: { exitCode: 1, stdout: recorded("unreachable.plan.jsonl") },
  });
  const result = await check(terraform);
  expect(result).toMatchObject({ verdict: "failed", steps: { plan: "failed" } });
  expect(report([result])).toContain("data.google_storage_transfer_project_service_account.agent");
});

test("checkStack fails if the plan adds fewer resources than the stack has", async () => {
  const { terraform } = replaying({
    init: { exitCode: 0 },
    validate: { exitCode: 0, stdout: valid },
    plan: { exitCode: 0, stdout: clean },
  });
  const two = { ...json, resource: { google_bigquery_table: { trips: {}, zones: {} } } };
  const result = await check(terraform, two);
  expect(result.verdict).toBe("failed");
  expect(report([result])).toContain("the plan adds 1 resources, but the stack has 2");
});

test("checkStack reports a failed init with the output of Terraform", async () => {
  const { terraform } = replaying({ init: { exitCode: 1, stderr: "Error: Missing block label\n" } });
  const result = await check(terraform);
  expect(result).toMatchObject({
    verdict: "failed",
    steps: { init: "failed", validate: "-", plan: "-" },
    diagnostics: [{ detail: "Error: Missing block label" }],
  });
});
