import { ComposerEnvironment as Environment } from "@cdktf/provider-google/lib/composer-environment";
import type { Construct } from "constructs";
import { malformed, malformedName, notWhole, refuse } from "./errors";
import type { IKmsKey } from "./kms-key";
import type { IPrivateNetwork } from "./private-network";
import type { ServiceAccountIdentity } from "./service-identity";
import type { IStorageBucket } from "./storage-bucket";
import { type Dependency, TerraformConstruct } from "./terraform-construct";

export interface ComposerEnvironmentProps {
  /** At most 63 lowercase letters, digits and hyphens, starting with a letter. */
  readonly name: string;
  /** Region in which the environment runs. */
  readonly location: string;
  /** Version of Airflow: `3.1.7`. Composer runs its latest build of it. */
  readonly airflowVersion: string;
  /** Service account the environment runs as. It needs `roles/composer.worker` on the project before it is created. */
  readonly identity: ServiceAccountIdentity;
  /** Bucket for the DAGs, in `dags/`, and the logs: in the same project and region, and of no other environment. */
  readonly bucket: IStorageBucket;
  /** Network of the environment, which has no public addresses. Its subnet has Private Google Access. */
  readonly network: IPrivateNetwork;
  /** Size of what Composer itself runs on. @default SMALL */
  readonly size?: "SMALL" | "MEDIUM" | "LARGE";
  /** Most workers at the same time; Composer starts the second when the first is busy. @default 3 */
  readonly maxWorkers?: number;
  /** Settings of Airflow as `<section>-<option>`: `{ "core-parallelism": "8" }`. @default - Composer's */
  readonly airflowConfig?: Readonly<Record<string, string>>;
  /** Key that encrypts the environment. The bucket has its own. @default - Google-managed keys */
  readonly kmsKey?: IKmsKey;
  /** @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /** What must be created first, such as the role of the identity. @default - nothing */
  readonly dependsOn?: readonly Dependency[];
}

/**
 * A Cloud Composer 3 environment: managed Airflow without public addresses, whose web server is reached through Google's
 * front end by whoever has an IAM role for it.
 *
 * Deleting it leaves its bucket, which is a resource of its own.
 *
 * @see https://cloud.google.com/composer/docs/composer-3/custom-bucket
 */
export class ComposerEnvironment extends TerraformConstruct {
  /** Name of the environment. */
  readonly name: string;
  /** Address of Airflow's web server, known after the environment is created. */
  readonly airflowUri: string;

  constructor(scope: Construct, id: string, props: ComposerEnvironmentProps) {
    super(scope, id);
    refuse(this, [
      malformedName(props.name),
      malformed("airflowVersion", props.airflowVersion, /^\d+\.\d+\.\d+$/, "a version such as 3.1.7"),
      notWhole("maxWorkers", props.maxWorkers ?? 3, 1, 100),
    ]);
    const environment = new Environment(this, "Resource", {
      name: props.name,
      region: props.location,
      labels: props.labels,
      storageConfig: { bucket: props.bucket.name },
      config: {
        environmentSize: `ENVIRONMENT_SIZE_${props.size ?? "SMALL"}`,
        enablePrivateEnvironment: true,
        enablePrivateBuildsOnly: true,
        nodeConfig: {
          serviceAccount: props.identity.email,
          network: props.network.resourceName,
          subnetwork: props.network.subnetResourceName,
        },
        softwareConfig: {
          imageVersion: `composer-3-airflow-${props.airflowVersion}`,
          airflowConfigOverrides: props.airflowConfig,
        },
        workloadsConfig: { worker: { minCount: 1, maxCount: props.maxWorkers ?? 3 } },
        encryptionConfig: props.kmsKey && { kmsKeyName: props.kmsKey.resourceName },
      },
    });
    environment.node.addDependency(props.identity.ready, ...(props.dependsOn ?? []));
    this.name = environment.name;
    this.airflowUri = environment.config.airflowUri;
  }
}
