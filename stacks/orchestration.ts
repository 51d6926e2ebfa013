import type { Construct } from "constructs";
import { allExitCodes, type DatasetSpec, scheduleDefaults, successTemplate } from "../dataset";
import type { Environment } from "../config";
import { Alert } from "../constructs/alert";
import { backfillDefinition } from "../workflows/backfill";
import { freshnessDefinition } from "../workflows/freshness";
import { CloudRunJob } from "../constructs/cloud-run-job";
import { HttpSchedule } from "../constructs/http-schedule";
import { NotificationChannel } from "../constructs/notification-channel";
import { pipelineDefinition, type PipelinePeriods } from "../workflows/pipeline";
import { Workflow } from "../constructs/workflow";
import type { ServiceIdentity } from "../constructs/service-identity";
import { StorageBucket } from "../constructs/storage-bucket";
import type { WorkflowSource } from "../constructs/workflow-source";
import { latenessSeconds } from "./lateness";
import { type PlatformProps, PlatformStack } from "./platform-stack";

/** Maximum number of data sets that a backfill ingests in parallel. */
const parallelDatasets = 4;

/**
 * One pipeline per data set with its schedule, a freshness check that fails when a period is overdue, a backfill over
 * several data sets, and alerts on failures.
 */
export class OrchestrationStack extends PlatformStack {
  private readonly environment: Environment;
  private readonly workflow: ServiceIdentity;
  private readonly scheduler: ServiceIdentity;

  constructor(scope: Construct, props: PlatformProps) {
    super(scope, "orchestration", props);
    this.environment = props.environment;
    this.workflow = this.workflowIdentity();
    this.scheduler = this.runAs("scheduler", "Starts pipelines on a schedule");
    this.scheduler.grantOnProject("roles/workflows.invoker");
    for (const spec of props.catalog.values()) {
      this.addPipeline(spec);
      this.addFreshnessCheck(spec);
    }
    this.addWorkflow("backfill", "Ingests periods of several data sets.", {
      source: backfillDefinition({
        project: this.environment.project.id,
        location: this.environment.region,
        pipelineName: (variable, leading) =>
          this.names.dataSetWorkflowExpression("ingest", variable, leading),
        parallelDatasets,
      }),
      name: this.names.workflow("backfill"),
    });
    this.addAlerts();
  }

  private workflowIdentity(): ServiceIdentity {
    const workflow = this.runAs("workflow", "Runs pipelines");
    workflow.grantOnProject("roles/logging.logWriter");
    workflow.grantOnProject("roles/workflows.invoker");
    if (this.environment.transfer !== undefined) workflow.grantOnProject("roles/storagetransfer.user");
    const lake = StorageBucket.fromName(this, "lake", this.names.bucket("lake"));
    lake.grantRead(workflow, "manifests/");
    // Without permission to list objects, Cloud Storage returns 403 instead of 404 for a missing object.
    lake.grant(workflow, "roles/storage.legacyBucketReader");
    return workflow;
  }

  private addPipeline(spec: DatasetSpec): void {
    const { environment } = this;
    const job = CloudRunJob.fromName(this, spec.id, this.names.job("ingest", spec.id), environment.region);
    job.grantRunWithArguments(this.workflow);
    const source = environment.transfer?.sources[spec.id];
    const workflow = this.addWorkflow(`${spec.id}_pipeline`, `Ingests ${spec.id}.`, {
      name: this.names.dataSetWorkflow("ingest", spec.id),
      source: pipelineDefinition({
        dataset: spec.id,
        job: { project: environment.project.id, location: job.location, name: job.name },
        periods: pipelinePeriods(spec),
        parallelPeriods: environment.ingestion.parallelPeriods,
        transferJob: source?.start === "workflow" ? this.names.transferJob(spec.id) : undefined,
      }),
    });
    if (spec.schedule === undefined) return;
    new HttpSchedule(this, `${spec.id}_schedule`, {
      name: this.names.schedule("ingest", spec.id),
      location: environment.region,
      cron: spec.schedule.cron,
      timeZone: spec.schedule.timeZone,
      description: `Ingests the due period of ${spec.id}.`,
      target: workflow.startTarget(),
      identity: this.scheduler,
    });
  }

  private addFreshnessCheck(spec: DatasetSpec): void {
    const periods = pipelinePeriods(spec);
    if (spec.schedule === undefined || periods.grain === "once") return;
    const workflow = this.addWorkflow(`${spec.id}_freshness`, `Fails when ${spec.id} is overdue.`, {
      name: this.names.dataSetWorkflow("fresh", spec.id),
      source: freshnessDefinition({
        dataset: spec.id,
        bucket: this.names.bucket("lake"),
        marker: successTemplate(spec.id, periods.grain),
        periods,
        latenessSeconds: latenessSeconds(spec.id, periods.grain, spec.schedule),
      }),
    });
    new HttpSchedule(this, `${spec.id}_freshness_schedule`, {
      name: this.names.schedule("fresh", spec.id),
      location: this.environment.region,
      cron: "30 */6 * * *",
      description: `Checks whether ${spec.id} is overdue.`,
      target: workflow.startTarget(),
      identity: this.scheduler,
    });
  }

  private addWorkflow(
    id: string,
    description: string,
    { name, source }: { readonly name: string; readonly source: WorkflowSource },
  ): Workflow {
    return new Workflow(this, id, {
      name,
      location: this.environment.region,
      description,
      kmsKey: this.kmsKey,
      source,
      identity: this.workflow,
      // It contains no data and can be recreated.
      deletionProtection: false,
    });
  }

  private addAlerts(): void {
    const { name, alerts } = this.environment;
    const channel = new NotificationChannel(this, "operators", {
      name: `Operators of the ${name} pipelines`,
      email: alerts.email,
      labels: this.labels,
    });
    const finished = (purpose: "fresh" | "ingest") =>
      'resource.type = "workflows.googleapis.com/Workflow" AND ' +
      'metric.type = "workflows.googleapis.com/finished_execution_count" AND ' +
      `resource.label.workflow_id = starts_with("${this.names.dataSetWorkflowPrefix(purpose)}")`;
    const failed = (purpose: "fresh" | "ingest", meaning: string) =>
      ({
        kind: "above",
        name: meaning,
        filter: `${finished(purpose)} AND metric.label.status = "FAILED"`,
        threshold: 0,
        aligner: "ALIGN_DELTA",
        periodSeconds: 300,
        groupBy: ["resource.label.workflow_id"],
      }) as const;
    new Alert(this, "ingestion-failed", {
      name: `${name}: an ingestion failed`,
      channel,
      labels: this.labels,
      conditions: [failed("ingest", "A pipeline failed")],
      guidance:
        `The log of the workflow shows the failed period and the exit code: ${exitCodeText()}. ` +
        "After you fix the cause, run the workflow again with `from` and `to`; completed periods are skipped.",
    });
    new Alert(this, "ingestion-missing", {
      name: `${name}: an ingestion is missing`,
      channel,
      labels: this.labels,
      conditions: [
        failed("fresh", "A due period is not in the lake"),
        {
          kind: "silent",
          name: "No freshness check has completed for 23 hours",
          filter: finished("fresh"),
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

function pipelinePeriods(spec: DatasetSpec): PipelinePeriods {
  if (spec.grain === "once") return { grain: "once" };
  const { grain, firstPeriod, lastPeriod, schedule = scheduleDefaults } = spec;
  const { periodsBehind, timeZone } = schedule;
  return { grain, first: firstPeriod, last: lastPeriod, behind: periodsBehind, timeZone };
}

/** `1 permanent failure, 2 retryable failure, ...`, for the text of an alert. */
function exitCodeText(): string {
  return allExitCodes
    .filter(({ reaction }) => reaction !== "none")
    .map(({ code, title }) => `${code} ${title}`)
    .join(", ");
}
