import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { GcsBackend, LocalBackend, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { DatasetSpec } from "../dataset";
import type { Environment } from "../config";
import { type IKmsKey, KmsKey } from "../constructs/kms-key";
import { type INotificationChannel, NotificationChannel } from "../constructs/notification-channel";
import { type IPrivateNetwork, PrivateNetwork } from "../constructs/private-network";
import { type Identity, type ServiceAccountIdentity, ServiceIdentity } from "../constructs/service-identity";
import type { Dependency } from "../constructs/terraform-construct";
import type { EnvironmentRecord } from "./environment-record";
import type { SchemaLock } from "./schema-lock";
import { Names } from "./naming";
import { formerAddresses, type RunAsAccount } from "./run-as";

/** Props of every stack. */
export interface PlatformProps {
  readonly environment: Environment;
  /** Data sets by id. */
  readonly catalog: ReadonlyMap<string, DatasetSpec>;
  /**
   * Where Terraform keeps its state. Use `local`, a local file, while the state bucket does not exist: for the first
   * deployment and for the removal of the foundation.
   * @default - bucket
   */
  readonly state?: "bucket" | "local";
  /** The schemas of the deployed tables. @default - none is deployed */
  readonly schemas?: SchemaLock;
  /**
   * What is deployed of the environment. Changes that would lose some of it are refused.
   * @default - it is not deployed, or nothing is known of it
   */
  readonly record?: EnvironmentRecord;
}

/** The stacks that GitHub can deploy. The project's owner deploys the foundation, since it says who may do what. */
export const stacksOfCi = [
  "network",
  "lake",
  "warehouse",
  "transfer",
  "database",
  "streaming",
  "ingestion",
  "orchestration",
  "composer",
] as const;

/** A stack of an environment, with its backend, its provider and the labels of its resources. */
export class PlatformStack extends TerraformStack {
  protected readonly environment: Environment;
  protected readonly names: Names;
  /** For resources that the provider's default labels do not cover, because their attribute has another name. */
  protected readonly labels: Readonly<Record<string, string>>;
  /** The key that encrypts data, if the environment has one. */
  protected readonly kmsKey: IKmsKey | undefined;
  /** Resources that Terraform forgets, but does not delete: another stack manages them now. */
  private readonly forgotten: object[] = [];
  private readonly ciIdentities = new Map<string, Identity>();

  /** @param purpose the stack's name without the environment: `lake` */
  constructor(
    scope: Construct,
    purpose: "foundation" | (typeof stacksOfCi)[number],
    { environment, state }: PlatformProps,
  ) {
    super(scope, `${environment.name}-${purpose}`);
    this.environment = environment;
    this.names = new Names(environment);
    this.labels = { ...environment.labels, environment: environment.name, managed_by: "terraform" };
    if (state === "local") {
      new LocalBackend(this, { path: `${localState}/${environment.name}-${purpose}.tfstate` });
    } else {
      new GcsBackend(this, { bucket: this.names.bucket("state"), prefix: `${environment.name}/${purpose}` });
    }
    this.kmsKey = environment.kmsKey ? KmsKey.fromName(this, "kms-key", environment.kmsKey) : undefined;
    new GoogleProvider(this, "google", {
      project: environment.project.id,
      region: environment.region,
      defaultLabels: this.labels,
    });
  }

  /** Where alerts are sent: existing channels, or a new one for the email address of the environment. */
  protected operators(name: string, dependsOn: readonly Dependency[] = []): INotificationChannel[] {
    const { alerts, existing } = this.environment;
    if (existing?.notificationChannels !== undefined)
      return existing.notificationChannels.map((channel) => NotificationChannel.fromName(channel));
    const props = { name, email: alerts.email, labels: this.labels, dependsOn };
    return [new NotificationChannel(this, "operators", props)];
  }

  /** The network of the network stack, or the existing one. */
  protected platformNetwork(): IPrivateNetwork {
    return PrivateNetwork.fromNames(this, "platform-network", {
      resourceName: this.names.networkPath("platform"),
      subnetResourceName: this.names.subnetPath("platform"),
    });
  }

  /** A service account that workloads of this stack run as. The foundation creates it. */
  protected runAs(purpose: RunAsAccount): ServiceAccountIdentity {
    this.forget(...formerAddresses[purpose]);
    return ServiceIdentity.fromEmail(this, purpose, this.names.serviceAccountEmail(purpose));
  }

  /** Makes Terraform forget resources by their addresses, without deleting them. */
  protected forget(...addresses: readonly string[]): void {
    if (addresses.length === 0) return;
    this.forgotten.push(...addresses.map((from) => ({ from, lifecycle: { destroy: false } })));
    this.addOverride("removed", this.forgotten);
  }

  /** The service account with which GitHub plans or deploys; the foundation creates it. */
  protected ciIdentity(purpose: "deploy" | "plan"): Identity {
    const id = `ci-${purpose}` as const;
    const existing = this.ciIdentities.get(id);
    const identity = existing ?? ServiceIdentity.fromEmail(this, id, this.names.serviceAccountEmail(id));
    this.ciIdentities.set(id, identity);
    return identity;
  }
}

/**
 * The folder `state` next to `cdktf.out`, relative to a stack's folder. Not in `cdktf.out`, because synthesizing another
 * environment removes files there.
 */
const localState = "../../../state";
