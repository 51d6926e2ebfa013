import type { Construct } from "constructs";
import { allExitCodes, martsFolder, transformRuns } from "../dataset";
import type { DatabaseSettings, RebuildSchedule } from "../config";
import { Alert, type AlertCondition } from "../constructs/alert";
import { backfillDefinition } from "../workflows/backfill";
import { databaseExportDefinition } from "../workflows/database-export";
import { freshnessDefinition } from "../workflows/freshness";
import { CloudRunJob, type ICloudRunJob } from "../constructs/cloud-run-job";
import { HttpSchedule } from "../constructs/http-schedule";
import type { INotificationChannel } from "../constructs/notification-channel";
import { pipelineDefinition } from "../workflows/pipeline";
import { Workflow } from "../constructs/workflow";
import type { ServiceAccountIdentity } from "../constructs/service-identity";
import { StorageBucket } from "../constructs/storage-bucket";
import { WarehouseDataset } from "../constructs/warehouse-dataset";
import type { WorkflowSource } from "../constructs/workflow-source";
import { databaseName } from "./database";
import { pipelineOf, type ScheduledTime, scheduledTimes } from "./deployment";
import { scheduleId } from "./naming";
import { parallelDatasets } from "./parallel-tasks";
import { type PlatformProps, PlatformStack } from "./platform-stack";
import { revenueBatch } from "./spark";

/**
 * The pipeline of all data sets, the schedules that start it, a freshness check that fails when a period of any data set
 * is overdue, a backfill over several data sets, and alerts on failures.
 */
export class OrchestrationStack extends PlatformStack {
  private readonly workflow: ServiceAccountIdentity;
  private readonly scheduler: ServiceAccountIdentity;
  private readonly transformJob: ICloudRunJob | undefined;

  constructor(scope: Construct, props: PlatformProps) {
    super(scope, "orchestration", props);
    this.transformJob =
      props.environment.transformation &&
      CloudRunJob.fromName(this, "transform-job", this.names.job("transform"), props.environment.region);
    this.workflow = this.workflowIdentity();
    this.scheduler = this.runAs("scheduler");
    this.scheduler.grantOnProject("roles/workflows.invoker");
    const { project, region, transformation } = this.environment;
    const specifications = this.names.bucket("specifications");
    const revenue = revenueBatch(this.environment, this.names, this.labels);
    const pipeline = this.addWorkflow(
      "ingest",
      "Ingests the due period of a data set, or a range of periods.",
      pipelineDefinition({
        ...pipelineOf(this.environment, this.names),
        specifications,
        ...(revenue && { revenue }),
      }),
    );
    const backfill = this.addWorkflow(
      "backfill",
      "Ingests periods of several data sets.",
      backfillDefinition({
        project: project.id,
        location: region,
        pipeline: this.names.workflow("ingest"),
        parallelDatasets,
      }),
    );
    if (this.environment.orchestrator !== "composer")
      for (const time of scheduledTimes(props.catalog.values())) this.addSchedule(time, pipeline, backfill);
    if (this.transformJob !== undefined && transformation?.rebuild !== undefined)
      this.addRebuild(this.transformJob, transformation.rebuild);
    this.addFreshnessCheck(specifications);
    const channels = this.operators(`Operators of the ${this.environment.name} pipelines`);
    this.addAlerts(channels);
    const { database } = this.environment;
    if (database?.exportDays !== undefined) this.addDatabaseExport(database, channels);
  }

  /** Reads specifications and success markers, and starts jobs and transfers. */
  private workflowIdentity(): ServiceAccountIdentity {
    const { region, transfer, ingestion } = this.environment;
    const workflow = this.runAs("workflow");
    workflow.grantOnProject("roles/logging.logWriter");
    workflow.grantOnProject("roles/workflows.invoker");
    if (transfer !== undefined) workflow.grantOnProject(this.names.rolePath("transfer"));
    const lake = StorageBucket.fromName(this, "lake", this.names.bucket("lake"));
    const read = [
      ...(this.transformJob === undefined ? [] : [transformRuns]),
      ...(this.environment.spark === undefined ? [] : [martsFolder]),
    ];
    lake.grantRead(workflow, "manifests/", ...read);
    // Without permission to list objects, Cloud Storage returns 403 instead of 404 for a missing object.
    lake.grant(workflow, this.names.rolePath("list"));
    StorageBucket.fromName(this, "specifications", this.names.bucket("specifications")).grantRead(workflow);
    for (const size of [undefined, ...Object.keys(ingestion.sizes ?? {})]) {
      for (const purpose of ["ingest", "backfill"] as const) {
        const id = `${purpose}-job${size === undefined ? "" : `-${size}`}`;
        const job = CloudRunJob.fromName(this, id, this.names.job(purpose, size), region);
        job.grant(workflow, this.names.rolePath("run"));
      }
    }
    this.transformJob?.grant(workflow, this.names.rolePath("run"));
    if (this.environment.spark !== undefined) this.grantRevenue(workflow);
    return workflow;
  }

  /** Starts Spark batches, whose account the foundation lets it act as, and loads what they leave in the lake. */
  private grantRevenue(workflow: ServiceAccountIdentity): void {
    workflow.grantOnProject(this.names.rolePath("batches"));
    workflow.grantOnProject("roles/bigquery.jobUser");
    const core = WarehouseDataset.fromName(this, "core", this.names.dataset("core"));
    core.grant(workflow, this.names.rolePath("load"));
  }

  /** Starts the pipeline for the data set with a time, or, if there are several, the backfill for all of them. */
  private addSchedule(
    { cron, timeZone, datasets }: ScheduledTime,
    pipeline: Workflow,
    backfill: Workflow,
  ): void {
    const [only = "", ...others] = datasets;
    const single = others.length === 0;
    new HttpSchedule(this, single ? `${only}_schedule` : scheduleId(cron, timeZone), {
      name: single ? this.names.schedule("ingest", only) : this.names.scheduleAt(cron, timeZone),
      location: this.environment.region,
      cron,
      timeZone,
      description: shortened(`Ingests the due period of ${datasets.join(", ")}.`),
      target: single ? pipeline.startTarget({ dataset: only }) : backfill.startTarget({ datasets }),
      identity: this.scheduler,
    });
  }

  /** Builds all models from nothing at a time of its own. */
  private addRebuild(job: ICloudRunJob, { cron, timeZone }: RebuildSchedule): void {
    job.grantRun(this.scheduler);
    new HttpSchedule(this, "rebuild_schedule", {
      name: this.names.schedule("rebuild"),
      location: this.environment.region,
      cron,
      timeZone,
      description: "Builds all models of the warehouse from nothing.",
      target: job.startTarget(),
      identity: this.scheduler,
    });
  }

  private addFreshnessCheck(specifications: string): void {
    const workflow = this.addWorkflow(
      "fresh",
      "Fails when a period of any data set is overdue.",
      freshnessDefinition({ specifications, lake: this.names.bucket("lake") }),
    );
    new HttpSchedule(this, "freshness_schedule", {
      name: this.names.schedule("fresh"),
      location: this.environment.region,
      cron: "30 */6 * * *",
      description: "Checks whether a period of any data set is overdue.",
      target: workflow.startTarget(),
      identity: this.scheduler,
    });
  }

  private addWorkflow(
    purpose: "backfill" | "fresh" | "ingest",
    description: string,
    source: WorkflowSource,
  ): Workflow {
    return new Workflow(this, workflowIds[purpose], {
      name: this.names.workflow(purpose),
      location: this.environment.region,
      description,
      kmsKey: this.kmsKey,
      source,
      identity: this.workflow,
      // It contains no data and can be recreated.
      deletionProtection: false,
    });
  }

  private addDatabaseExport(
    { generation }: DatabaseSettings,
    channels: readonly INotificationChannel[],
  ): void {
    const { name, project, region } = this.environment;
    const exporter = this.runAs("export");
    const bucket = this.names.bucket("database-exports");
    const instance = this.names.instance("postgres", generation);
    const workflow = new Workflow(this, "database-export", {
      name: this.names.workflow("export"),
      location: region,
      description: "Exports the database to a bucket.",
      kmsKey: this.kmsKey,
      source: databaseExportDefinition({ project: project.id, instance, database: databaseName, bucket }),
      identity: exporter,
      // It contains no data and can be recreated.
      deletionProtection: false,
    });
    new HttpSchedule(this, "database-export_schedule", {
      name: this.names.schedule("export"),
      location: region,
      // After the backup, and before Monday.
      cron: "30 3 * * 0",
      description: "Exports the database.",
      target: workflow.startTarget(),
      identity: this.scheduler,
    });
    new Alert(this, "export-failed", {
      name: `${name}: the database was not exported`,
      severity: "WARNING",
      channels,
      labels: this.labels,
      autoCloseSeconds: untilNextFailure,
      conditions: [this.failed("export", "An export failed")],
      guidance:
        `The execution of the workflow \`${this.names.workflow("export")}\` shows the error of Cloud SQL. Daily backups ` +
        `of ${instance} are not affected. To export again, run the workflow.`,
    });
  }

  private finished(purpose: "export" | "fresh" | "ingest"): string {
    return (
      'resource.type = "workflows.googleapis.com/Workflow" AND ' +
      'metric.type = "workflows.googleapis.com/finished_execution_count" AND ' +
      `resource.label.workflow_id = "${this.names.workflow(purpose)}"`
    );
  }

  /** The condition of an alert that an execution of a workflow failed. */
  private failed(purpose: "export" | "fresh" | "ingest", meaning: string): AlertCondition {
    return {
      kind: "above",
      name: meaning,
      filter: `${this.finished(purpose)} AND metric.label.status = "FAILED"`,
      threshold: 0,
      aligner: "ALIGN_DELTA",
      periodSeconds: 300,
      groupBy: ["resource.label.workflow_id"],
    };
  }

  private addAlerts(channels: readonly INotificationChannel[]): void {
    const { name } = this.environment;
    new Alert(this, "ingestion-failed", {
      name: `${name}: an ingestion failed`,
      channels,
      labels: this.labels,
      autoCloseSeconds: untilNextFailure,
      conditions: [
        this.failed("ingest", "A pipeline failed"),
        ...(this.environment.orchestrator === "composer" ? [failedDag] : []),
      ],
      guidance:
        `The log of the workflow shows the failed period and the exit code: ${exitCodeText()}. ` +
        "After you fix the cause, run the workflow again with `from` and `to`; completed periods are skipped.",
    });
    new Alert(this, "ingestion-missing", {
      name: `${name}: an ingestion is missing`,
      channels,
      labels: this.labels,
      autoCloseSeconds: untilNextFailure,
      conditions: [
        this.failed("fresh", "A due period is not in the lake"),
        {
          kind: "silent",
          name: "No freshness check has completed for 23 hours",
          filter: this.finished("fresh"),
          seconds: 82_800,
          groupBy: ["resource.label.workflow_id"],
        },
      ],
      guidance:
        "A period is overdue, or the freshness check did not run. Check whether the schedules are paused, whether the " +
        "pipeline ran, and whether the source has published the file. To ingest the missing periods, run the " +
        "pipeline with `from` and `to`.",
    });
  }
}

/** Ids of the workflows in the tree of constructs. */
const workflowIds = { backfill: "backfill", fresh: "freshness", ingest: "pipeline" } as const;

/**
 * The condition of an alert that a run of a DAG failed.
 *
 * @see https://cloud.google.com/composer/docs/composer-3/monitor-environments
 */
const failedDag: AlertCondition = {
  kind: "above",
  name: "A run of a DAG failed",
  filter:
    'resource.type = "cloud_composer_workflow" AND metric.type = "composer.googleapis.com/workflow/run_count" AND ' +
    'metric.label.state = "failed"',
  threshold: 0,
  aligner: "ALIGN_DELTA",
  periodSeconds: 300,
  groupBy: ["resource.label.workflow_name"],
};

/** Cloud Scheduler keeps 500 characters. */
function shortened(description: string): string {
  return description.length <= 500 ? description : `${description.slice(0, 499)}…`;
}

/** The shortest time that Cloud Monitoring accepts: each failure after it is a notification of its own. */
const untilNextFailure = 1800;

/** `1 permanent failure, 2 retryable failure, ...`, for the text of an alert. */
function exitCodeText(): string {
  return allExitCodes
    .filter(({ reaction }) => reaction !== "none")
    .map(({ code, title }) => `${code} ${title}`)
    .join(", ");
}
