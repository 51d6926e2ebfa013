import { SecretManagerSecret } from "@cdktf/provider-google/lib/secret-manager-secret";
import { SecretManagerSecretIamMember } from "@cdktf/provider-google/lib/secret-manager-secret-iam-member";
import { type Construct, DependencyGroup, type IConstruct, type IDependable } from "constructs";
import { malformed, refuse } from "./errors";
import { type Grant, grantId, grantOnce } from "./grant";
import type { IKmsKey } from "./kms-key";
import type { Identity } from "./service-identity";
import { type Dependency, TerraformConstruct } from "./terraform-construct";

export interface SecretProps {
  /** At most 255 letters, digits, hyphens and underscores. */
  readonly name: string;
  /** The region in which values are stored. */
  readonly location: string;
  /** Key that encrypts the values. @default - Google-managed keys */
  readonly kmsKey?: IKmsKey;
  /** @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Whether Terraform refuses to delete the secret. @default true */
  readonly deletionProtection?: boolean;
  /** What must be created first, such as the enabled API. @default - nothing */
  readonly dependsOn?: readonly Dependency[];
}

/** One version of a secret, by number. */
export interface SecretVersion {
  /** Name of the secret. */
  readonly secret: string;
  /** A number. `latest` is not allowed: a restart must not change what a job does. */
  readonly version: string;
  /** What must be created before a resource reads the version: grants on the secret. @default - nothing */
  readonly ready?: IDependable;
}

/** A secret in Secret Manager, new or imported. */
export interface ISecret extends IConstruct {
  /** Name of the secret, without its project. */
  readonly name: string;
  /** Lets the identity read the values. */
  grantRead(identity: Identity): Grant;
  /**
   * A version of the secret, for `CloudRunJobProps.secrets`. A job that reads it waits for every `grantRead` on this
   * secret, earlier or later.
   *
   * @throws ConstructError if the number is not an integer above 0
   */
  version(number: number): SecretVersion;
}

abstract class SecretBase extends TerraformConstruct implements ISecret {
  abstract readonly name: string;
  private readonly grants = new DependencyGroup();

  grantRead(identity: Identity): Grant {
    const role = "roles/secretmanager.secretAccessor";
    const grant = grantOnce(this, grantId(role, identity), SecretManagerSecretIamMember, {
      secretId: this.name,
      role,
      member: identity.member,
    });
    this.grants.add(grant);
    return grant;
  }

  version(number: number): SecretVersion {
    refuse(this, [
      (!Number.isInteger(number) || number < 1) && `version: ${number} must be an integer above 0`,
    ]);
    return { secret: this.name, version: String(number), ready: this.grants };
  }
}

/**
 * A secret without its value, which would be readable in Terraform's state. Add values with
 * `gcloud secrets versions add <name> --data-file=-`.
 */
export class Secret extends SecretBase {
  /**
   * Imports a secret that exists already or that another stack creates. Grants on it are created; the secret itself
   * is not managed.
   */
  static fromName(scope: Construct, id: string, name: string): ISecret {
    return new ImportedSecret(scope, id, name);
  }

  override readonly name: string;

  constructor(scope: Construct, id: string, props: SecretProps) {
    super(scope, id);
    refuse(this, [
      malformed("name", props.name, /^[\w-]{1,255}$/, "at most 255 letters, digits, hyphens and underscores"),
    ]);
    const secret = new SecretManagerSecret(this, "Resource", {
      secretId: props.name,
      labels: props.labels,
      replication: {
        userManaged: {
          replicas: [
            {
              location: props.location,
              customerManagedEncryption: props.kmsKey && { kmsKeyName: props.kmsKey.resourceName },
            },
          ],
        },
      },
      deletionProtection: props.deletionProtection ?? true,
    });
    secret.node.addDependency(...(props.dependsOn ?? []));
    this.name = secret.secretId;
  }
}

class ImportedSecret extends SecretBase {
  constructor(
    scope: Construct,
    id: string,
    override readonly name: string,
  ) {
    super(scope, id);
  }
}
