import type { Finding } from "../../../checks/checkov/findings";
import { judged } from "../../../checks/checkov/judge";

const found = (check: string, construct: string): Finding => ({
  stack: construct.split("/")[0] ?? "",
  check,
  construct,
  title: "Be careful",
});
const lake = found("CKV_GCP_62", "dev-lake/lake/Resource");
const logs = found("CKV_GCP_62", "dev-foundation/access-logs/Resource");
const suppression = {
  check: "CKV_GCP_62",
  constructs: "*-foundation/access-logs/*",
  reason: "It receives the logs.",
};

test("judged counts suppressed findings and returns the others as open", () => {
  expect(judged([lake, logs], [suppression])).toEqual({
    open: [lake],
    suppressed: [{ suppression, count: 1 }],
    faults: [],
  });
});

test("judged applies a suppression to its check and to full paths only", () => {
  const others = [
    found("CKV_GCP_63", logs.construct),
    found("CKV_GCP_62", "dev-foundation/access-logs"),
    found("CKV_GCP_62", "dev-foundation/x/dev-foundation/access-logs/Resource-not"),
  ];
  const exact = { ...suppression, constructs: "dev-foundation/access-logs/Resource" };
  expect(judged([logs, ...others], [exact]).open).toEqual(others);
});

test("judged reports a suppression without a reason", () => {
  expect(judged([logs], [{ ...suppression, reason: " " }]).faults).toEqual([
    "CKV_GCP_62 of *-foundation/access-logs/* has no reason: add one",
  ]);
});

test("judged reports a suppression that matches no finding", () => {
  expect(judged([lake], [suppression]).faults).toEqual([
    "CKV_GCP_62 of *-foundation/access-logs/* matches no finding: remove it",
  ]);
});
