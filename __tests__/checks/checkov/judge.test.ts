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
  reason: "It holds them.",
};

test("what is suppressed is counted, all else stays open", () => {
  expect(judged([lake, logs], [suppression])).toEqual({
    open: [lake],
    suppressed: [{ suppression, count: 1 }],
    faults: [],
  });
});

test("a suppression holds for its check alone, and for whole paths", () => {
  const others = [
    found("CKV_GCP_63", logs.construct),
    found("CKV_GCP_62", "dev-foundation/access-logs"),
    found("CKV_GCP_62", "dev-foundation/x/dev-foundation/access-logs/Resource-not"),
  ];
  const exact = { ...suppression, constructs: "dev-foundation/access-logs/Resource" };
  expect(judged([logs, ...others], [exact]).open).toEqual(others);
});

test("a suppression without a reason is a fault", () => {
  expect(judged([logs], [{ ...suppression, reason: " " }]).faults).toEqual([
    "CKV_GCP_62 of *-foundation/access-logs/* has no reason: write why",
  ]);
});

test("a suppression that nothing needs is a fault", () => {
  expect(judged([lake], [suppression]).faults).toEqual([
    "CKV_GCP_62 of *-foundation/access-logs/* is not found any more: remove it",
  ]);
});
