import { LoggingProjectSink } from "@cdktf/provider-google/lib/logging-project-sink";
import { ProjectIamAuditConfig } from "@cdktf/provider-google/lib/project-iam-audit-config";
import { Fn } from "cdktf";
import type { Construct } from "constructs";
import { type Fault, malformed, refuse } from "./errors";
import { providerProject } from "./provider-project";
import { ServiceIdentity } from "./service-identity";
import type { IStorageBucket } from "./storage-bucket";
import { type Dependency, TerraformConstruct } from "./terraform-construct";

export interface DataAccessLogsProps {
  /**
   * Short names of services of which reads and writes are logged: `storage`. BigQuery is not needed: it always logs them.
   */
  readonly services: readonly string[];
  /** Name of the sink: letters, digits, hyphens, underscores and periods, at most 100. */
  readonly sinkName: string;
  /** Bucket to which the logs are copied, under `cloudaudit.googleapis.com/`. Its lifecycle decides how long they are kept. */
  readonly bucket: IStorageBucket;
  /** Id of the project. @default - the Google provider's */
  readonly project?: string;
  /** What must be created first, such as the enabled API. @default - nothing */
  readonly dependsOn?: readonly Dependency[];
}

/**
 * Data Access audit logs of a project: who read and wrote which data. They are in Cloud Logging for 30 days, and in a
 * bucket for as long as it keeps them. Unlike the usage logs of Cloud Storage, they require no grant to a group of Google,
 * which domain-restricted sharing refuses.
 *
 * The settings of a service apply to the whole project: create one such construct per project.
 */
export class DataAccessLogs extends TerraformConstruct {
  constructor(scope: Construct, id: string, props: DataAccessLogsProps) {
    super(scope, id);
    refuse(this, faultsOf(props));
    const { services, bucket, dependsOn = [] } = props;
    const project =
      props.project ??
      providerProject(
        this,
        "project: the Google provider of the stack has no project; set it there, or pass `project`",
      );
    for (const service of services) {
      const config = new ProjectIamAuditConfig(this, service, {
        project,
        service: `${service}.googleapis.com`,
        auditLogConfig: [{ logType: "DATA_READ" }, { logType: "DATA_WRITE" }],
      });
      config.node.addDependency(...dependsOn);
    }
    const sink = new LoggingProjectSink(this, "Resource", {
      name: props.sinkName,
      project,
      description: "Who read and wrote which data",
      destination: `storage.googleapis.com/${bucket.name}`,
      filter: dataAccess,
      uniqueWriterIdentity: true,
    });
    sink.node.addDependency(...dependsOn);
    const writer = ServiceIdentity.fromEmail(
      this,
      "writer",
      Fn.trimprefix(sink.writerIdentity, "serviceAccount:"),
    );
    bucket.grant(writer, "roles/storage.objectCreator");
  }
}

/** Without the writes of the sink itself, each of which would cause another. */
const dataAccess =
  'log_id("cloudaudit.googleapis.com/data_access") AND ' +
  'NOT protoPayload.authenticationInfo.principalEmail:"@gcp-sa-logging.iam.gserviceaccount.com"';

function faultsOf({ services, sinkName }: DataAccessLogsProps): Fault[] {
  return [
    services.length === 0 && "services: must not be empty",
    ...services.map((service) => malformed("services", service, /^[a-z]+$/, "a short name such as storage")),
    malformed(
      "sinkName",
      sinkName,
      /^[\w.-]{1,100}$/,
      "letters, digits, hyphens, underscores and periods, at most 100",
    ),
  ];
}
