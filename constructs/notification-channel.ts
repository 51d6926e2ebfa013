import { MonitoringNotificationChannel } from "@cdktf/provider-google/lib/monitoring-notification-channel";
import type { Construct } from "constructs";
import { malformed, refuse } from "./errors";
import { type Dependency, TerraformConstruct } from "./terraform-construct";

export interface NotificationChannelProps {
  /** Shown in the console. */
  readonly name: string;
  /** Address to which notifications are sent. */
  readonly email: string;
  /** @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /** What must be created first, such as the enabled API. @default - nothing */
  readonly dependsOn?: readonly Dependency[];
}

/** A notification channel of Cloud Monitoring, new or imported. */
export interface INotificationChannel {
  /** `projects/<project>/notificationChannels/<number>` */
  readonly resourceName: string;
}

/** A notification channel that sends email. */
export class NotificationChannel extends TerraformConstruct implements INotificationChannel {
  /**
   * Imports a channel of any kind. Channels for chat and pagers contain a token, so create them in the console;
   * `gcloud beta monitoring channels list` shows their names.
   *
   * @param resourceName `projects/<project>/notificationChannels/<number>`
   */
  static fromName(resourceName: string): INotificationChannel {
    return { resourceName };
  }

  readonly resourceName: string;

  constructor(scope: Construct, id: string, props: NotificationChannelProps) {
    super(scope, id);
    refuse(this, [malformed("email", props.email, /^[^@\s]+@[^@\s]+$/, "an email address")]);
    const channel = new MonitoringNotificationChannel(this, "Resource", {
      displayName: props.name,
      type: "email",
      labels: { email_address: props.email },
      userLabels: props.labels,
      enabled: true,
      // A channel that an alert still uses is not deleted.
      forceDelete: false,
    });
    channel.node.addDependency(...(props.dependsOn ?? []));
    this.resourceName = channel.name;
  }
}
