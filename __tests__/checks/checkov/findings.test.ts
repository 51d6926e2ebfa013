import { findingsIn } from "../../../checks/checkov/findings";
import type { StackJson } from "../../../scripts/synthesized";

const stack: StackJson = {
  resource: {
    google_storage_bucket: { lake_1234: { "//": { metadata: { path: "dev-lake/lake/Resource" } } } },
  },
  data: {},
};
const stacks = new Map([["dev-lake", stack]]);
const file_path = "/dev/stacks/dev-lake/cdk.tf.json";
const one = (check_id: string, resource: string) => ({
  check_id,
  check_name: "Be careful",
  file_path,
  resource,
});
const output = (passed: object[], failed: object[], parsing_errors: string[] = []) =>
  JSON.stringify({ results: { passed_checks: passed, failed_checks: failed, parsing_errors } });

test("findingsIn maps a failed check to its construct", () => {
  const stdout = output(
    [one("CKV_GCP_1", "resource.lake_1234"), one("CKV_GCP_2", "resource.lake_1234")],
    [one("CKV_GCP_62", "resource.lake_1234"), one("CKV_GCP_63", "resource.elsewhere")],
  );
  const { findings, passed } = findingsIn({ stdout, stderr: "" }, stacks);
  expect(findings).toEqual([
    { stack: "dev-lake", check: "CKV_GCP_62", title: "Be careful", construct: "dev-lake/lake/Resource" },
    {
      stack: "dev-lake",
      check: "CKV_GCP_63",
      title: "Be careful",
      construct: "dev-lake: resource.elsewhere",
    },
  ]);
  expect([...passed]).toEqual([["dev-lake", 2]]);
});

test("findingsIn includes checks that crashed, which checkov does not count", () => {
  const stderr = [
    `2026-11-21 11:37:36,623 [MainThread  ] [ERROR]  Failed to run check CKV_GCP_54 on ${file_path}:google_storage_bucket.lake_1234`,
    "Traceback (most recent call last):",
    '  File "base_check.py", line 68, in run',
    "TypeError: 'int' object is not subscriptable",
    `2026-11-21 11:37:36,624 [MainThread  ] [ERROR]  Failed to run check CKV_GCP_57 on ${file_path}:google_storage_bucket.lake_1234`,
    "Traceback (most recent call last):",
    "KeyError: 'value'",
    "",
  ].join("\n");
  const { findings } = findingsIn({ stdout: output([], []), stderr }, stacks);
  expect(findings).toMatchObject([
    {
      check: "CKV_GCP_54",
      construct: "dev-lake/lake/Resource",
      title: "the check crashed: TypeError: 'int' object is not subscriptable",
    },
    { check: "CKV_GCP_57", title: "the check crashed: KeyError: 'value'" },
  ]);
});

test("findingsIn throws if checkov could not read a file", () => {
  const stdout = output([], [], [file_path]);
  expect(() => findingsIn({ stdout, stderr: "" }, stacks)).toThrow(`checkov could not read ${file_path}`);
});
