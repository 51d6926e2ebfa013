import { WorkflowsWorkflow } from "@cdktf/provider-google/lib/workflows-workflow";
import type { Construct, IConstruct } from "constructs";
import { malformed, refuse } from "./errors";
import { escapeTemplates } from "./escape-templates";
import type { ScheduleTarget } from "./http-schedule";
import type { IKmsKey } from "./kms-key";
import { importProject } from "./provider-project";
import type { ServiceAccountIdentity } from "./service-identity";
import { type Dependency, TerraformConstruct } from "./terraform-construct";
import { sourceContents, type WorkflowSource } from "./workflow-source";

export interface WorkflowProps {
  /** At most 64 letters, digits, hyphens and underscores, starting with a letter. */
  readonly name: string;
  /** Region in which the workflow runs. */
  readonly location: string;
  /** What it does; shown in the console. */
  readonly description: string;
  /** The program. */
  readonly source: WorkflowSource;
  /** Service account the workflow runs as. It needs `roles/logging.logWriter` to write logs. */
  readonly identity: ServiceAccountIdentity;
  /** Key that encrypts the workflow and its executions. @default - Google-managed keys */
  readonly kmsKey?: IKmsKey;
  /** @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Whether Terraform refuses to delete the workflow. @default true */
  readonly deletionProtection?: boolean;
  /** What must be created first, such as a grant that the workflow needs. @default - nothing */
  readonly dependsOn?: readonly Dependency[];
}

/** A workflow of Google Workflows, new or imported. */
export interface IWorkflow extends IConstruct {
  /** Name of the workflow. */
  readonly name: string;
  /** Region in which it runs. */
  readonly location: string;
  /**
   * The request that a schedule sends to start the workflow. The schedule's identity needs `roles/workflows.invoker`,
   * which can be granted on projects only.
   *
   * @param input argument of the execution. @default - an empty object
   */
  startTarget(input?: Readonly<Record<string, unknown>>): ScheduleTarget;
}

abstract class WorkflowBase extends TerraformConstruct implements IWorkflow {
  abstract readonly name: string;
  abstract readonly location: string;
  /** Id of the project. */
  protected abstract readonly project: string;

  startTarget(input: Readonly<Record<string, unknown>> = {}): ScheduleTarget {
    const workflow = `projects/${this.project}/locations/${this.location}/workflows/${this.name}`;
    return {
      uri: `https://workflowexecutions.googleapis.com/v1/${workflow}/executions`,
      body: JSON.stringify({ argument: JSON.stringify(input) }),
    };
  }
}

/** A workflow of Google Workflows with its own service account. */
export class Workflow extends WorkflowBase {
  /**
   * Imports a workflow that exists already or that another stack creates. Nothing is created.
   *
   * @param project id of the workflow's project. @default - that of the stack's Google provider
   */
  static fromName(scope: Construct, id: string, name: string, location: string, project?: string): IWorkflow {
    return new ImportedWorkflow(scope, id, name, location, project);
  }

  override readonly name: string;
  override readonly location: string;
  protected override readonly project: string;

  constructor(scope: Construct, id: string, props: WorkflowProps) {
    super(scope, id);
    const source = sourceContents(props.source);
    refuse(this, [
      malformed(
        "name",
        props.name,
        /^[a-z][\w-]{0,63}$/i,
        "at most 64 letters, digits, hyphens and underscores, starting with a letter",
      ),
      !("main" in props.source) && "source: the subworkflow main is missing; a workflow starts there",
      source.length > maxBytes &&
        `source: ${source.length} bytes exceed the limit of Workflows, ${maxBytes}; make the program shorter`,
    ]);
    const workflow = new WorkflowsWorkflow(this, "Resource", {
      name: props.name,
      region: props.location,
      description: escapeTemplates(props.description),
      serviceAccount: props.identity.email,
      sourceContents: source,
      cryptoKeyName: props.kmsKey?.resourceName,
      callLogLevel: "LOG_ERRORS_ONLY",
      labels: props.labels,
      deletionProtection: props.deletionProtection ?? true,
    });
    workflow.node.addDependency(props.identity.ready, ...(props.dependsOn ?? []));
    this.name = workflow.name;
    this.location = props.location;
    this.project = workflow.project;
  }
}

class ImportedWorkflow extends WorkflowBase {
  protected override readonly project: string;

  constructor(
    scope: Construct,
    id: string,
    override readonly name: string,
    override readonly location: string,
    project?: string,
  ) {
    super(scope, id);
    this.project = project ?? importProject(this);
  }
}

const maxBytes = 131_072;
