import { MonitoringNotificationChannel } from "@cdktf/provider-google/lib/monitoring-notification-channel";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { malformed, refuse } from "./errors";

export interface NotificationChannelProps {
  /** Shown in the console. */
  readonly name: string;
  /** Who is written to. */
  readonly email: string;
  /** @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /** What must be there first, such as the enabled API. @default - nothing */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/** Somewhere alerts go to, whoever made it. */
export interface INotificationChannel {
  /** `projects/<project>/notificationChannels/<number>` */
  readonly resourceName: string;
}

/** Where alerts go: an e-mail address. */
export class NotificationChannel extends Construct implements INotificationChannel {
  /**
   * A channel that exists already, of whatever kind: chat and pagers are made by hand, since they hold a token.
   * `gcloud beta monitoring channels list` has its name, `projects/<project>/notificationChannels/<number>`.
   */
  static fromName(resourceName: string): INotificationChannel {
    return { resourceName };
  }

  readonly resourceName: string;

  constructor(scope: Construct, id: string, props: NotificationChannelProps) {
    super(scope, id);
    refuse(this, [malformed("email", props.email, /^[^@\s]+@[^@\s]+$/, "an e-mail address")]);
    const channel = new MonitoringNotificationChannel(this, "Resource", {
      displayName: props.name,
      type: "email",
      labels: { email_address: props.email },
      userLabels: props.labels,
      enabled: true,
      // An alert that still points here keeps the channel, unless told otherwise.
      forceDelete: false,
      dependsOn: props.dependsOn && [...props.dependsOn],
    });
    this.resourceName = channel.name;
  }
}
