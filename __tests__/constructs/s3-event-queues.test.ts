import { queueArn, S3EventQueues, type S3EventQueuesProps } from "../../constructs/s3-event-queues";
import { S3Transfer } from "../../constructs/s3-transfer";
import { AwsTransferRole } from "../../constructs/aws-transfer-role";
import { StorageBucket } from "../../constructs/storage-bucket";
import { resources, stackOf } from "../support/stack";
import { dependsOn, like, refusal } from "./support";

const base = {
  bucket: "theirs",
  accountId: "111122223333",
  location: "eu-central-1",
  queues: [
    { name: "trips", prefix: "exports/trips/" },
    { name: "zones", prefix: "exports/zones/" },
  ],
};
const synthesized = (props: Partial<S3EventQueuesProps> = {}) =>
  stackOf((stack) => new S3EventQueues(stack, "events", { ...base, ...props }));

describe("S3EventQueues", () => {
  test("announces new objects of each folder in its own queue", () => {
    const events = ["s3:ObjectCreated:*"];
    expect(resources(synthesized(), "aws_s3_bucket_notification")).toMatchObject([
      {
        bucket: "theirs",
        queue: [
          { id: "trips", queue_arn: queueArn(base, "trips"), events, filter_prefix: "exports/trips/" },
          { id: "zones", queue_arn: queueArn(base, "zones"), events, filter_prefix: "exports/zones/" },
        ],
      },
    ]);
  });

  test("keeps messages encrypted, and what fails five times in a dead-letter queue", () => {
    const json = synthesized();
    const dead = { sqs_managed_sse_enabled: true, message_retention_seconds: 1_209_600 };
    const queue = {
      sqs_managed_sse_enabled: true,
      message_retention_seconds: 345_600,
      visibility_timeout_seconds: 300,
      lifecycle: { ignore_changes: ["redrive_policy"] },
    };
    expect(resources(json, "aws_sqs_queue")).toEqual([
      { name: "trips-dead", ...dead },
      { name: "trips", ...queue },
      { name: "zones-dead", ...dead },
      { name: "zones", ...queue },
    ]);
    expect(JSON.stringify(resources(json, "aws_sqs_queue_redrive_policy")).replaceAll("\\", "")).toContain(
      `{"deadLetterTargetArn":"${queueArn(base, "trips-dead")}","maxReceiveCount":5}`,
    );
  });

  test("lets only its bucket, of its account, send messages", () => {
    const json = synthesized();
    const url = like(/^\$\{aws_sqs_queue\.events_trips_\w+\.url\}$/);
    for (const type of ["aws_sqs_queue_policy", "aws_sqs_queue_redrive_policy"])
      expect(resources(json, type)[0]).toMatchObject({ queue_url: url });
    const [policy] = resources(json, "aws_sqs_queue_policy").map((found) =>
      JSON.stringify(found).replaceAll("\\", ""),
    );
    expect(policy).toContain('"Principal":{"Service":"s3.amazonaws.com"},"Action":"sqs:SendMessage"');
    expect(policy).toContain(
      '"Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"},"ArnEquals":{"aws:SourceArn":"arn:aws:s3:::theirs"}}',
    );
  });

  test("sends events only when queues accept them, and a transfer waits for that", () => {
    const json = stackOf((stack) => {
      const events = new S3EventQueues(stack, "events", base);
      new S3Transfer(stack, "copy", {
        name: "copy",
        description: "d",
        source: { bucket: "theirs" },
        role: AwsTransferRole.fromArn(stack, "role", "arn:aws:iam::111122223333:role/r"),
        sinkBucket: StorageBucket.fromName(stack, "lake", "my-lake"),
        sinkPrefix: "landing/",
        start: { kind: "arrival", queueArn: queueArn(base, "trips") },
        dependsOn: [events],
      });
    });
    expect(dependsOn(json, "aws_s3_bucket_notification")).toEqual([
      ["aws_sqs_queue_policy.events_trips-policy", "aws_sqs_queue_policy.events_zones-policy"],
    ]);
    expect(dependsOn(json, "aws_sqs_queue_policy")).toEqual([
      ["aws_sqs_queue_redrive_policy.events_trips-redrive"],
      ["aws_sqs_queue_redrive_policy.events_zones-redrive"],
    ]);
    expect(dependsOn(json, "aws_sqs_queue_redrive_policy")).toEqual([
      ["aws_sqs_queue.events_trips-dead"],
      ["aws_sqs_queue.events_zones-dead"],
    ]);
    expect(dependsOn(json, "google_storage_transfer_job")).toEqual([
      ["aws_s3_bucket_notification.events_notification"],
    ]);
  });

  test("rejects names SQS does not accept, duplicates, and no queues", () => {
    const queues = [
      { name: "a.b", prefix: "a/" },
      { name: "c", prefix: "b/" },
      { name: "c", prefix: "d/" },
    ];
    expect(refusal(() => synthesized({ accountId: "me", queues }))).toBe(`S3EventQueues at test/events:
  - accountId: "me" must be 12 digits
  - queues.name: "a.b" must be at most 75 letters, digits, hyphens and underscores
  - queues: duplicate name "c"; each folder requires its own queue`);
    expect(refusal(() => synthesized({ queues: [] }))).toContain("queues: must not be empty");
  });
});

describe("queueArn", () => {
  test("is made of region, account and name", () => {
    expect(queueArn(base, "trips")).toBe("arn:aws:sqs:eu-central-1:111122223333:trips");
  });
});
