import { SecretManagerSecret } from "@cdktf/provider-google/lib/secret-manager-secret";
import { SecretManagerSecretIamMember } from "@cdktf/provider-google/lib/secret-manager-secret-iam-member";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { malformed, refuse } from "./errors";
import { grantId, type Identity } from "./service-identity";

export interface SecretProps {
  /** At most 255 letters, digits, dashes and underscores. */
  readonly name: string;
  /** The region that holds the value. */
  readonly location: string;
  /** Full name of a Cloud KMS key. @default - Google's keys */
  readonly kmsKey?: string;
  /** @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Whether Terraform refuses to delete the secret. @default true */
  readonly deletionProtection?: boolean;
  /** What must be there first, such as the enabled API. @default - nothing */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/** A value kept in Secret Manager. */
export interface SecretVersion {
  /** Name of the secret. */
  readonly secret: string;
  /** A number. `latest` is refused: a restart must not change what a job does. */
  readonly version: string;
  /** For `dependsOn` of what reads it: it must be allowed to when it is made. @default - nothing */
  readonly ready?: readonly ITerraformDependable[];
}

/** A secret, whoever made it. */
export interface ISecret {
  /** Name of the secret, without its project. */
  readonly name: string;
  /** Lets the identity read its values. */
  grantRead(identity: Identity): void;
  /**
   * One of its values, by number, for those who take one: `CloudRunJobProps.secrets`. To be called after
   * `grantRead`, for which they wait.
   */
  version(number: number): SecretVersion;
}

abstract class SecretBase extends Construct implements ISecret {
  abstract readonly name: string;
  private readonly grants: ITerraformDependable[] = [];

  grantRead(identity: Identity): void {
    const role = "roles/secretmanager.secretAccessor";
    const grant = new SecretManagerSecretIamMember(this, grantId(role, identity), {
      secretId: this.name,
      role,
      member: identity.member,
    });
    this.grants.push(grant);
  }

  version(number: number): SecretVersion {
    return { secret: this.name, version: String(number), ready: [...this.grants] };
  }
}

/**
 * A place for a secret value. The value itself is never here, since Terraform's state would keep it in clear:
 * `gcloud secrets versions add <name> --data-file=-`.
 */
export class Secret extends SecretBase {
  /** A secret that exists already, or that another stack makes. Grants on it are made, the secret is not. */
  static fromName(scope: Construct, id: string, name: string): ISecret {
    return new ImportedSecret(scope, id, name);
  }

  override readonly name: string;

  constructor(scope: Construct, id: string, props: SecretProps) {
    super(scope, id);
    refuse(this, [
      malformed("name", props.name, /^[\w-]{1,255}$/, "at most 255 letters, digits, dashes and underscores"),
    ]);
    const secret = new SecretManagerSecret(this, "Resource", {
      secretId: props.name,
      labels: props.labels,
      replication: {
        userManaged: {
          replicas: [
            {
              location: props.location,
              customerManagedEncryption: props.kmsKey ? { kmsKeyName: props.kmsKey } : undefined,
            },
          ],
        },
      },
      deletionProtection: props.deletionProtection ?? true,
      dependsOn: props.dependsOn && [...props.dependsOn],
    });
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
