import { WorkflowsWorkflow } from "@cdktf/provider-google/lib/workflows-workflow";
import { Construct } from "constructs";
import { malformed, refuse } from "./errors";
import type { ScheduleTarget } from "./http-schedule";
import { escapeTemplates } from "./escape-templates";
import type { ServiceAccountIdentity } from "./service-identity";
import { sourceContents, type WorkflowSource } from "./workflow-source";

export interface WorkflowProps {
  /** At most 64 letters, digits, dashes and underscores, a letter first. */
  readonly name: string;
  /** Region it runs in. */
  readonly location: string;
  /** What it does; shown in the console. */
  readonly description: string;
  /** The program, as `pipelineDefinition` and its neighbours make it. */
  readonly source: WorkflowSource;
  /** Whom it acts as; `roles/logging.logWriter` lets it record how it went. */
  readonly identity: ServiceAccountIdentity;
  /** @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Whether Terraform refuses to delete the workflow. @default true */
  readonly deletionProtection?: boolean;
}

/** A Google Workflows program with an account of its own. */
export class Workflow extends Construct {
  readonly name: string;
  private readonly executions: string;

  constructor(scope: Construct, id: string, props: WorkflowProps) {
    super(scope, id);
    const source = sourceContents(props.source);
    refuse(this, [
      malformed(
        "name",
        props.name,
        /^[a-z][\w-]{0,63}$/i,
        "at most 64 letters, digits, - and _, a letter first",
      ),
      !("main" in props.source) && "source: has no subworkflow main, where it would begin",
      source.length > maxBytes &&
        `source: ${source.length} bytes are more than the ${maxBytes} Workflows takes`,
    ]);
    const workflow = new WorkflowsWorkflow(this, "Resource", {
      name: props.name,
      region: props.location,
      description: escapeTemplates(props.description),
      serviceAccount: props.identity.email,
      sourceContents: source,
      callLogLevel: "LOG_ERRORS_ONLY",
      labels: props.labels,
      deletionProtection: props.deletionProtection ?? true,
      dependsOn: props.identity.ready && [...props.identity.ready],
    });
    this.name = workflow.name;
    this.executions = `https://workflowexecutions.googleapis.com/v1/projects/${workflow.project}/locations/${props.location}/workflows/${workflow.name}/executions`;
  }

  /**
   * What a schedule calls to start the workflow. Its caller needs `roles/workflows.invoker`, which can be given on
   * projects only.
   */
  startTarget(input: Readonly<Record<string, unknown>> = {}): ScheduleTarget {
    return { uri: this.executions, body: JSON.stringify({ argument: JSON.stringify(input) }) };
  }
}

const maxBytes = 131_072;
