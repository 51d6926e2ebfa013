import type { TerraformStack } from "cdktf";
import { AwsTransferRole } from "../../constructs/aws-transfer-role";
import { S3Transfer, type S3TransferProps } from "../../constructs/s3-transfer";
import { StorageBucket } from "../../constructs/storage-bucket";
import { stackOf } from "../support/stack";
import { dependsOn, location, only, refusal } from "./support";

const type = "google_storage_transfer_job";
const arn = "arn:aws:iam::111122223333:role/transfer";
const add = (stack: TerraformStack, props: Partial<S3TransferProps> = {}) =>
  new S3Transfer(stack, "copy", {
    name: "copy",
    description: "Copies",
    source: { bucket: "theirs" },
    sinkPrefix: "landing/",
    ...props,
    role: props.role ?? AwsTransferRole.fromArn(stack, "role", arn),
    sinkBucket: props.sinkBucket ?? StorageBucket.fromName(stack, "lake", "my-lake"),
  });
const transfer = (props: Partial<S3TransferProps> = {}) => only(type, (stack) => add(stack, props));

describe("S3Transfer", () => {
  test("copies what differs, as a role without keys, when its run method is called", () => {
    expect(transfer()).toEqual({
      name: "transferJobs/copy",
      description: "Copies",
      status: "ENABLED",
      transfer_spec: {
        aws_s3_data_source: { bucket_name: "theirs", role_arn: arn },
        gcs_data_sink: { bucket_name: "my-lake", path: "landing/" },
        transfer_options: { overwrite_when: "DIFFERENT" },
      },
      logging_config: {
        log_actions: ["FIND", "DELETE", "COPY"],
        log_action_states: ["SUCCEEDED", "FAILED"],
      },
    });
  });

  test("accepts a folder, prefixes to include and exclude, and a topic", () => {
    const props = {
      source: { bucket: "theirs", prefix: "exports/" },
      includePrefixes: ["a"],
      excludePrefixes: ["b"],
      notificationTopic: "projects/p/topics/t",
    };
    expect(transfer(props)).toMatchObject({
      transfer_spec: {
        aws_s3_data_source: { path: "exports/" },
        object_conditions: { include_prefixes: ["a"], exclude_prefixes: ["b"] },
      },
      notification_config: { pubsub_topic: "projects/p/topics/t" },
    });
  });

  test("starts on a schedule that begins on a fixed day, or when objects arrive", () => {
    const start = { kind: "schedule", firstDay: "2024-02-01", hour: 4, everyHours: 24 } as const;
    expect(transfer({ start })).toMatchObject({
      schedule: {
        schedule_start_date: { year: 2024, month: 2, day: 1 },
        start_time_of_day: { hours: 4 },
        repeat_interval: "86400s",
      },
    });
    const queueArn = "arn:aws:sqs:eu-central-1:111122223333:q";
    expect(transfer({ start: { kind: "arrival", queueArn } })).toMatchObject({
      event_stream: { name: queueArn },
    });
  });

  test("waits for the permissions of a new role, and writes to a new bucket", () => {
    const json = stackOf((stack) => {
      const source = { bucket: "theirs" };
      const ids = { name: "transfer", accountId: "111122223333", subjectId: "1" };
      add(stack, {
        role: new AwsTransferRole(stack, "new-role", { ...ids, sources: [source] }),
        sinkBucket: new StorageBucket(stack, "new-lake", { name: "new-lake", location }),
      });
    });
    expect(dependsOn(json, type)).toEqual([["aws_iam_role.new-role", "aws_iam_role_policy.new-role_read"]]);
    expect(JSON.stringify(json.resource[type])).toMatch(
      /"bucket_name":"\$\{google_storage_bucket\.new-lake_/,
    );
  });

  test("rejects days that do not exist, fractions of hours, and folders of the wrong form", () => {
    const start = { kind: "schedule", firstDay: "2024-02-30", hour: 24, everyHours: 0.5 } as const;
    const wrong = { name: "OPI-1", sinkPrefix: "/landing/", start, notificationTopic: "t" };
    expect(refusal(() => transfer({ ...wrong, source: { bucket: "b", prefix: "exports" } }))).toBe(
      `S3Transfer at test/copy:
  - name: "OPI-1" must be at most 100 letters, digits, hyphens and underscores, not starting with OPI
  - source.prefix: "exports" must be folders that end in /, without a leading /
  - sinkPrefix: "/landing/" must be folders that end in /, without a leading /
  - notificationTopic: "t" must be projects/<project>/topics/<topic>
  - start.firstDay: "2024-02-30" must be a valid day, YYYY-MM-DD
  - start.hour: 24 must be an integer from 0 to 23
  - start.everyHours: 0.5 must be an integer of at least 1`,
    );
    expect(refusal(() => transfer({ start: { kind: "arrival", queueArn: "q" } }))).toContain(
      'start.queueArn: "q" must be the ARN of an SQS queue',
    );
  });
});
