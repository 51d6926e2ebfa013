import { CloudSchedulerJob } from "@cdktf/provider-google/lib/cloud-scheduler-job";
import { Fn } from "cdktf";
import type { Construct } from "constructs";
import { malformed, notWhole, refuse } from "./errors";
import { escapeTemplates } from "./escape-templates";
import type { ServiceAccountIdentity } from "./service-identity";
import { type Dependency, TerraformConstruct } from "./terraform-construct";

export interface HttpScheduleProps {
  /** At most 500 letters, digits, hyphens and underscores. */
  readonly name: string;
  /** Region of the schedule. */
  readonly location: string;
  /** Five fields: minute, hour, day of month, month, day of week. */
  readonly cron: string;
  /** IANA name. @default Etc/UTC */
  readonly timeZone?: string;
  /** The request to send; `identity` must be allowed to send it. */
  readonly target: ScheduleTarget;
  /** Service account that sends the request. */
  readonly identity: ServiceAccountIdentity;
  /** Shown in the console. @default - none */
  readonly description?: string;
  /** How often a failed request is retried: 0 to 5. @default 3 */
  readonly retries?: number;
  /** Whether the schedule is created paused. @default false */
  readonly paused?: boolean;
  /** What must be created first, such as the grant that allows the request. @default - nothing */
  readonly dependsOn?: readonly Dependency[];
}

/** A POST request to a Google API. `CloudRunJob` and `Workflow` return it from `startTarget`. */
export interface ScheduleTarget {
  /** The full URL. */
  readonly uri: string;
  /** The body, as JSON. @default - no body */
  readonly body?: string;
}

/** A Cloud Scheduler job that calls a Google API. */
export class HttpSchedule extends TerraformConstruct {
  constructor(scope: Construct, id: string, props: HttpScheduleProps) {
    super(scope, id);
    const { retries = 3 } = props;
    refuse(this, [
      malformed(
        "name",
        props.name,
        /^[\w-]{1,500}$/,
        "letters, digits, hyphens and underscores, at most 500",
      ),
      malformed(
        "cron",
        props.cron,
        /^\S+( +\S+){4}$/,
        "five fields: minute hour day-of-month month day-of-week",
      ),
      notWhole("retries", retries, 0, 5),
    ]);
    const job = new CloudSchedulerJob(this, "Resource", {
      name: props.name,
      region: props.location,
      description: props.description && escapeTemplates(props.description),
      schedule: props.cron,
      timeZone: props.timeZone ?? "Etc/UTC",
      paused: props.paused ?? false,
      attemptDeadline: "180s",
      // The API returns all of these; what is not set could show as a difference in a plan.
      retryConfig: {
        retryCount: retries,
        maxRetryDuration: "0s",
        minBackoffDuration: "30s",
        maxBackoffDuration: "3600s",
        maxDoublings: 5,
      },
      // Headers are not exposed, because of terraform-provider-google#27173.
      httpTarget: {
        httpMethod: "POST",
        uri: props.target.uri,
        body: props.target.body && Fn.base64encode(quoted(props.target.body)),
        oauthToken: {
          serviceAccountEmail: props.identity.email,
          scope: "https://www.googleapis.com/auth/cloud-platform",
        },
      },
    });
    job.node.addDependency(props.identity.ready, ...(props.dependsOn ?? []));
  }
}

/** A text as a literal of Terraform's language. `Fn.rawString` escapes quotation marks, but not backslashes. */
function quoted(text: string): string {
  return Fn.rawString(text.replaceAll("\\", "\\\\"));
}
