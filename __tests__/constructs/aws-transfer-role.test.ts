import { AwsTransferRole, type AwsTransferRoleProps } from "../../constructs/aws-transfer-role";
import { resources, stackOf } from "../support/stack";
import { like, refusal } from "./support";

const accountId = "111122223333";
const base = { name: "transfer", accountId, subjectId: "1234567890" };

/** The trust policy and the permissions of a role, as text. */
function policies(props: Partial<AwsTransferRoleProps>): [string, string] {
  const json = stackOf((stack) => new AwsTransferRole(stack, "role", { ...base, sources: [], ...props }));
  const [role, policy] = [...resources(json, "aws_iam_role"), ...resources(json, "aws_iam_role_policy")].map(
    (found) => JSON.stringify(found).replaceAll("\\", ""),
  );
  return [role ?? "", policy ?? ""];
}

describe("AwsTransferRole", () => {
  test("can be assumed by one transfer agent, through web identity federation", () => {
    const [trust] = policies({ sources: [{ bucket: "theirs" }] });
    expect(trust).toContain('"Action":"sts:AssumeRoleWithWebIdentity"');
    expect(trust).toContain('"StringEquals":{"accounts.google.com:sub":"1234567890"}');
  });

  test("reads its sources and decrypts with their keys; it cannot write", () => {
    const kmsKeyArn = `arn:aws:kms:eu-central-1:${accountId}:key/k`;
    const [, read] = policies({ sources: [{ bucket: "theirs", prefix: "trips/", kmsKeyArn }] });
    expect(read).toContain('"Action":["s3:GetObject"],"Resource":["arn:aws:s3:::theirs/trips/*"]');
    expect(read).toContain(`"Action":["kms:Decrypt"],"Resource":["${kmsKeyArn}"]`);
    expect(read).not.toMatch(/s3:(Put|Delete)|sqs:/);
  });

  test("reads the queues it is given", () => {
    const queue = `arn:aws:sqs:eu-central-1:${accountId}:q`;
    const [, read] = policies({ sources: [{ bucket: "theirs" }], queueArns: [queue] });
    expect(read).toMatch(new RegExp(`"sqs:ReceiveMessage".*"Resource":\\["${queue}"\\]`));
    expect(read).toContain('"Resource":["arn:aws:s3:::theirs/*"]');
  });

  test("has sessions of an hour, and one policy", () => {
    const json = stackOf(
      (stack) => new AwsTransferRole(stack, "role", { ...base, sources: [{ bucket: "b" }] }),
    );
    expect(resources(json, "aws_iam_role")).toMatchObject([
      {
        name: "transfer",
        description: "Lets Google's Storage Transfer Service read",
        max_session_duration: 3600,
      },
    ]);
    expect(resources(json, "aws_iam_role_policy")).toMatchObject([
      { name: "read", role: like(/^\$\{aws_iam_role\.role_\w+\.name\}$/) },
    ]);
  });

  test("has an ARN that is known before it exists", () => {
    let arn = "";
    stackOf((stack) => {
      arn = new AwsTransferRole(stack, "role", { ...base, sources: [{ bucket: "b" }] }).arn;
    });
    expect(arn).toBe(`arn:aws:iam::${accountId}:role/transfer`);
  });

  test("rejects invalid props, and an ARN of something else", () => {
    expect(refusal(() => policies({ name: "a b", accountId: "1", subjectId: "me" }))).toBe(
      `AwsTransferRole at test/role:
  - name: "a b" must be at most 64 letters, digits and +=,.@_-
  - accountId: "1" must be 12 digits
  - subjectId: "me" must be the number of the transfer agent
  - sources: must not be empty`,
    );
    expect(refusal((stack) => AwsTransferRole.fromArn(stack, "role", "arn:aws:s3:::b"))).toContain(
      'arn: "arn:aws:s3:::b" must be the ARN of an IAM role',
    );
  });
});
