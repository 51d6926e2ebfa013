import { StorageTransferJob } from "@cdktf/provider-google/lib/storage-transfer-job";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { malformed, refuse } from "./errors";
import type { S3Source } from "./aws-transfer-role";
import { escapeTemplates } from "./escape-templates";

export interface S3TransferProps {
  /** At most 100 letters, digits, dashes and underscores. */
  readonly name: string;
  /** What it copies; shown in the console. */
  readonly description: string;
  /** What is copied. */
  readonly source: S3Source;
  /** ARN of the AWS role the service takes on; there is deliberately no way to give an access key. */
  readonly roleArn: string;
  /**
   * Bucket that gets the copies. The transfer agent needs rights on it, given a minute before: see
   * `StorageBucket.grantTransferSink`.
   */
  readonly sinkBucket: string;
  /** Where in the bucket: `landing/trips/`. */
  readonly sinkPrefix: string;
  /** Copy only objects whose name, after the source's prefix, starts so. @default - all */
  readonly includePrefixes?: readonly string[];
  /** @default - none */
  readonly excludePrefixes?: readonly string[];
  /** What starts a copy. @default - whoever calls the job's `run` */
  readonly start?: ScheduledStart | ArrivalStart;
  /** Pub/Sub topic (`projects/<project>/topics/<topic>`) that hears how each copy ended. @default - none */
  readonly notificationTopic?: string;
  /** What must be there first, such as the role's policy. @default - nothing */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/** Copies by the clock. */
export interface ScheduledStart {
  /** Tells it from an `ArrivalStart`. */
  readonly kind: "schedule";
  /** `YYYY-MM-DD`, fixed: a date computed at synth would be another one tomorrow. */
  readonly firstDay: string;
  /** Hour of the day, in UTC, 0 to 23. */
  readonly hour: number;
  /** Hours between copies, at least 1. */
  readonly everyHours: number;
}

/** Copies each object as S3 tells of it. */
export interface ArrivalStart {
  /** Tells it from a `ScheduledStart`. */
  readonly kind: "arrival";
  /** ARN of the SQS queue S3 tells. */
  readonly queueArn: string;
}

/** A job of Storage Transfer Service that copies new and changed objects from S3 to Cloud Storage. */
export class S3Transfer extends Construct {
  constructor(scope: Construct, id: string, props: S3TransferProps) {
    super(scope, id);
    const { start } = props;
    refuse(this, faultsOf(props));
    new StorageTransferJob(this, "Resource", {
      name: `transferJobs/${props.name}`,
      description: escapeTemplates(props.description),
      status: "ENABLED",
      transferSpec: {
        awsS3DataSource: {
          bucketName: props.source.bucket,
          path: props.source.prefix,
          roleArn: props.roleArn,
        },
        gcsDataSink: { bucketName: props.sinkBucket, path: props.sinkPrefix },
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
      dependsOn: props.dependsOn && [...props.dependsOn],
    });
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

function faultsOf({
  name,
  source,
  sinkPrefix,
  start,
  notificationTopic,
}: S3TransferProps): (string | false)[] {
  const folders = [/^([^/]+\/)+$/, "folders that end in /, without a / before them"] as const;
  return [
    malformed(
      "name",
      name,
      /^(?!OPI)[\w-]{1,100}$/,
      "at most 100 letters, digits, dashes and underscores, not OPI...",
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
    start?.kind === "schedule" &&
      !isDay(start.firstDay) &&
      `start.firstDay: "${start.firstDay}" must be a day, YYYY-MM-DD`,
    start?.kind === "schedule" &&
      !(Number.isInteger(start.hour) && start.hour >= 0 && start.hour <= 23) &&
      `start.hour: ${start.hour} must be a whole number from 0 to 23`,
    start?.kind === "schedule" &&
      (!Number.isInteger(start.everyHours) || start.everyHours < 1) &&
      `start.everyHours: ${start.everyHours} must be a whole number, at least 1`,
  ];
}

/** 2024-02-30 has the form of a day and is none. */
function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00Z`);
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
  );
}
