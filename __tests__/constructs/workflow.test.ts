import { KmsKey } from "../../constructs/kms-key";
import { ServiceIdentity } from "../../constructs/service-identity";
import { Workflow, type WorkflowProps } from "../../constructs/workflow";
import { stackOf } from "../support/stack";
import { dependsOn, location, only, reader, refusal } from "./support";

const type = "google_workflows_workflow";
const source = { main: { steps: [{ end_it: { return: "${sys.now()}" } }] } };
const base = { name: "flow", location, description: "d", source };
const workflow = (props: Partial<WorkflowProps> = {}) =>
  only(type, (stack) => new Workflow(stack, "flow", { ...base, identity: reader(stack), ...props }));

describe("Workflow", () => {
  test("runs as its own account, with expressions that Terraform leaves to Workflows", () => {
    expect(workflow()).toEqual({
      name: "flow",
      region: location,
      description: "d",
      service_account: "reader@p.iam.gserviceaccount.com",
      source_contents: '{"main":{"steps":[{"end_it":{"return":"$${sys.now()}"}}]}}',
      call_log_level: "LOG_ERRORS_ONLY",
      deletion_protection: true,
    });
  });

  test("accepts labels and no protection", () => {
    expect(workflow({ labels: { a: "b" }, deletionProtection: false })).toMatchObject({
      labels: { a: "b" },
      deletion_protection: false,
    });
  });

  test("is encrypted with a key", () => {
    const key = "projects/p/locations/europe-west6/keyRings/r/cryptoKeys/k";
    const encrypted = only(type, (stack) => {
      const kmsKey = KmsKey.fromName(stack, "key", key);
      new Workflow(stack, "flow", { ...base, identity: reader(stack), kmsKey });
    });
    expect(encrypted).toMatchObject({ crypto_key_name: key });
  });

  test("is started by a request with an argument, new or imported", () => {
    stackOf((stack) => {
      expect(
        Workflow.fromName(stack, "theirs", "theirs", location, "q").startTarget({ from: "2019-01" }),
      ).toEqual({
        uri: `https://workflowexecutions.googleapis.com/v1/projects/q/locations/${location}/workflows/theirs/executions`,
        body: '{"argument":"{\\"from\\":\\"2019-01\\"}"}',
      });
    });
  });

  test("waits for grantActAs on its account, and for a grant it is given", () => {
    const json = stackOf((stack) => {
      const identity = new ServiceIdentity(stack, "flows", { name: "my-flows", description: "d" });
      const logs = identity.grantOnProject("roles/logging.logWriter");
      new Workflow(stack, "flow", { ...base, identity, dependsOn: [logs] });
      identity.grantActAs(reader(stack));
    });
    expect(dependsOn(json, type)).toEqual([
      [
        "google_service_account_iam_member.flows_iam-service-account-user-reader",
        "google_project_iam_member.flows_logging-log-writer",
      ],
    ]);
  });

  test("rejects programs without a start, programs that are too long, and invalid names", () => {
    const long = { main: { steps: [{ say: { return: "x".repeat(131_072) } }] } };
    expect(refusal(() => workflow({ name: "1", source: { other: { steps: [] } } }))).toBe(
      `Workflow at test/flow:
  - name: "1" must be at most 64 letters, digits, hyphens and underscores, starting with a letter
  - source: the subworkflow main is missing; a workflow starts there`,
    );
    expect(refusal(() => workflow({ source: long }))).toMatch(
      /source: \d+ bytes exceed the limit of Workflows, 131072; make the program shorter/,
    );
  });
});
