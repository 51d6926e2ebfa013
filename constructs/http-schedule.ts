import { CloudSchedulerJob } from "@cdktf/provider-google/lib/cloud-scheduler-job";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import { malformed, refuse } from "./errors";
import { escapeTemplates } from "./escape-templates";
import type { ServiceAccountIdentity } from "./service-identity";

export interface HttpScheduleProps {
  /** At most 500 letters, digits, dashes and underscores. */
  readonly name: string;
  /** Region of the schedule. */
  readonly location: string;
  /** Five fields: minute, hour, day of month, month, day of week. */
  readonly cron: string;
  /** IANA name. @default Etc/UTC */
  readonly timeZone?: string;
  /** What is called; it must be allowed to `identity`. */
  readonly target: ScheduleTarget;
  /** Whom the call is made as. */
  readonly identity: ServiceAccountIdentity;
  /** @default - none */
  readonly description?: string;
  /** How often a call that was refused is made again, 0 to 5. @default 3 */
  readonly retries?: number;
  /** Whether nothing is called until someone resumes it. @default false */
  readonly paused?: boolean;
}

/** A method of a Google API, called with POST. */
export interface ScheduleTarget {
  /** Its full address. */
  readonly uri: string;
  /** Sent as JSON. @default - no body */
  readonly body?: string;
}

/** Calls a Google API by the clock: a Cloud Scheduler job. */
export class HttpSchedule extends Construct {
  constructor(scope: Construct, id: string, props: HttpScheduleProps) {
    super(scope, id);
    const { retries = 3 } = props;
    refuse(this, [
      malformed("name", props.name, /^[\w-]{1,500}$/, "letters, digits, dashes and underscores, at most 500"),
      malformed(
        "cron",
        props.cron,
        /^\S+( +\S+){4}$/,
        "five fields: minute hour day-of-month month day-of-week",
      ),
      ![0, 1, 2, 3, 4, 5].includes(retries) && `retries: ${retries} must be from 0 to 5`,
    ]);
    new CloudSchedulerJob(this, "Resource", {
      name: props.name,
      region: props.location,
      description: props.description && escapeTemplates(props.description),
      schedule: props.cron,
      timeZone: props.timeZone ?? "Etc/UTC",
      paused: props.paused ?? false,
      attemptDeadline: "180s",
      // Written out as the API answers: what is left to its defaults may show as a difference.
      retryConfig: {
        retryCount: retries,
        maxRetryDuration: "0s",
        minBackoffDuration: "30s",
        maxBackoffDuration: "3600s",
        maxDoublings: 5,
      },
      httpTarget: {
        httpMethod: "POST",
        uri: props.target.uri,
        body: props.target.body && Fn.base64encode(Fn.rawString(props.target.body)),
        oauthToken: {
          serviceAccountEmail: props.identity.email,
          scope: "https://www.googleapis.com/auth/cloud-platform",
        },
      },
      dependsOn: props.identity.ready && [...props.identity.ready],
    });
  }
}
