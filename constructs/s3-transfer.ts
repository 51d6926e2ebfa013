import { StorageTransferJob } from "@cdktf/provider-google/lib/storage-transfer-job";
import type { Construct } from "constructs";
import type { IAwsTransferRole, S3Source } from "./aws-transfer-role";
import { type Fault, malformed, notWhole, refuse } from "./errors";
import { escapeTemplates } from "./escape-templates";
import type { IStorageBucket } from "./storage-bucket";
import { type Dependency, TerraformConstruct } from "./terraform-construct";

export interface S3TransferProps {
  /** At most 100 letters, digits, hyphens and underscores, not starting with OPI. */
  readonly name: string;
  /** What it copies; shown in the console. */
  readonly description: string;
  /** What is copied. */
  readonly source: S3Source;
  /** AWS role that the service assumes; there is deliberately no way to pass an access key. */
  readonly role: IAwsTransferRole;
  /**
   * Bucket to which objects are copied. The transfer agent needs `grantTransferSink` on it about a minute before the
   * job is created.
   */
  readonly sinkBucket: IStorageBucket;
  /** Folder in the bucket: `landing/trips/`. */
  readonly sinkPrefix: string;
  /** Copy only objects whose name starts with one of these, after the source's prefix. @default - all */
  readonly includePrefixes?: readonly string[];
  /** Skip objects whose name starts with one of these, after the source's prefix. @default - none */
  readonly excludePrefixes?: readonly string[];
  /** What starts a copy. @default - calls of the job's `run` method */
  readonly start?: ScheduledStart | ArrivalStart;
  /** Pub/Sub topic for the results: `projects/<project>/topics/<topic>`. @default - none */
  readonly notificationTopic?: string;
  /** What must be created first, such as `S3EventQueues`. The job waits for `role` anyway. @default - nothing */
  readonly dependsOn?: readonly Dependency[];
}

/** Copies on a schedule. */
export interface ScheduledStart {
  /** Distinguishes it from an `ArrivalStart`. */
  readonly kind: "schedule";
  /** `YYYY-MM-DD`. A fixed day: one computed at synthesis would change every day. */
  readonly firstDay: string;
  /** Hour of the day in UTC, 0 to 23. */
  readonly hour: number;
  /** Hours between copies, at least 1. */
  readonly everyHours: number;
}

/** Copies each object when S3 announces it. */
export interface ArrivalStart {
  /** Distinguishes it from a `ScheduledStart`. */
  readonly kind: "arrival";
  /** ARN of the SQS queue that announces new objects; see `queueArn`. */
  readonly queueArn: string;
}

/** A job of Storage Transfer Service that copies new and changed objects from S3 to Cloud Storage. */
export class S3Transfer extends TerraformConstruct {
  constructor(scope: Construct, id: string, props: S3TransferProps) {
    super(scope, id);
    const { start } = props;
    refuse(this, faultsOf(props));
    const job = new StorageTransferJob(this, "Resource", {
      name: `transferJobs/${props.name}`,
      description: escapeTemplates(props.description),
      status: "ENABLED",
      transferSpec: {
        awsS3DataSource: {
          bucketName: props.source.bucket,
          path: props.source.prefix,
          roleArn: props.role.arn,
        },
        gcsDataSink: { bucketName: props.sinkBucket.name, path: props.sinkPrefix },
        objectConditions:
          props.includePrefixes || props.excludePrefixes
            ? {
                includePrefixes: props.includePrefixes && [...props.includePrefixes],
                excludePrefixes: props.excludePrefixes && [...props.excludePrefixes],
              }
            : undefined,
        transferOptions: { overwriteWhen: "DIFFERENT" },
      },
      schedule: start?.kind === "schedule" ? schedule(start) : undefined,
      eventStream: start?.kind === "arrival" ? { name: start.queueArn } : undefined,
      loggingConfig: { logActions: ["FIND", "DELETE", "COPY"], logActionStates: ["SUCCEEDED", "FAILED"] },
      notificationConfig: props.notificationTopic
        ? {
            pubsubTopic: props.notificationTopic,
            eventTypes: [
              "TRANSFER_OPERATION_SUCCESS",
              "TRANSFER_OPERATION_FAILED",
              "TRANSFER_OPERATION_ABORTED",
            ],
            payloadFormat: "JSON",
          }
        : undefined,
    });
    job.node.addDependency(props.role, ...(props.dependsOn ?? []));
  }
}

function schedule({ firstDay, hour, everyHours }: ScheduledStart) {
  const [year = 0, month = 0, day = 0] = firstDay.split("-").map(Number);
  return {
    scheduleStartDate: { year, month, day },
    startTimeOfDay: { hours: hour, minutes: 0, seconds: 0, nanos: 0 },
    repeatInterval: `${everyHours * 3600}s`,
  };
}

function faultsOf({ name, source, sinkPrefix, start, notificationTopic }: S3TransferProps): Fault[] {
  const folders = [/^([^/]+\/)+$/, "folders that end in /, without a leading /"] as const;
  return [
    malformed(
      "name",
      name,
      /^(?!OPI)[\w-]{1,100}$/,
      "at most 100 letters, digits, hyphens and underscores, not starting with OPI",
    ),
    source.prefix !== undefined && malformed("source.prefix", source.prefix, ...folders),
    malformed("sinkPrefix", sinkPrefix, ...folders),
    notificationTopic !== undefined &&
      malformed(
        "notificationTopic",
        notificationTopic,
        /^projects\/[^/]+\/topics\/[^/]+$/,
        "projects/<project>/topics/<topic>",
      ),
    ...(start === undefined ? [] : startFaults(start)),
  ];
}

function startFaults(start: ScheduledStart | ArrivalStart): Fault[] {
  switch (start.kind) {
    case "schedule":
      return [
        !isDay(start.firstDay) && `start.firstDay: "${start.firstDay}" must be a valid day, YYYY-MM-DD`,
        notWhole("start.hour", start.hour, 0, 23),
        notWhole("start.everyHours", start.everyHours, 1),
      ];
    case "arrival":
      return [malformed("start.queueArn", start.queueArn, /^arn:aws[\w-]*:sqs:/, "the ARN of an SQS queue")];
  }
}

/** 2024-02-30 has the form of a day, but does not exist. */
function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00Z`);
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
  );
}
