import { ArtifactRegistryRepository } from "@cdktf/provider-google/lib/artifact-registry-repository";
import { ArtifactRegistryRepositoryIamMember } from "@cdktf/provider-google/lib/artifact-registry-repository-iam-member";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { malformed, refuse } from "./errors";
import { escapeTemplates } from "./escape-templates";
import { grantId, type Identity } from "./service-identity";

export interface ArtifactRepositoryProps {
  /** 1 to 63 lower-case letters, digits and dashes. */
  readonly name: string;
  /** A region, that of the jobs, or a multi-region (`europe`). */
  readonly location: string;
  /** What it is for; shown in the console. */
  readonly description: string;
  /** @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Days after which images without a tag are deleted. @default 30 */
  readonly untaggedDays?: number;
  /** Versions of each image that are kept however old they are. @default 10 */
  readonly keepVersions?: number;
  /** Whether clean-up only logs what it would delete. @default true, until someone has read that log */
  readonly cleanupDryRun?: boolean;
  /** Full name of a Cloud KMS key. @default - Google's keys */
  readonly kmsKey?: string;
  /** What must be there first, such as the enabled API. @default - nothing */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/** A repository of container images, whoever made it. */
export interface IArtifactRepository {
  /** Its id: what follows the project in the address of an image. */
  readonly name: string;
  /** Lets the identity pull images. */
  grantPull(identity: Identity): void;
  /** Lets the identity push and pull images. */
  grantPush(identity: Identity): void;
}

abstract class RepositoryBase extends Construct implements IArtifactRepository {
  abstract readonly name: string;
  protected abstract readonly location: string;

  grantPull(identity: Identity): void {
    this.grant(identity, "roles/artifactregistry.reader");
  }

  grantPush(identity: Identity): void {
    this.grant(identity, "roles/artifactregistry.writer");
  }

  private grant(identity: Identity, role: string): void {
    new ArtifactRegistryRepositoryIamMember(this, grantId(role, identity), {
      repository: this.name,
      location: this.location,
      role,
      member: identity.member,
    });
  }
}

/** An Artifact Registry repository of container images whose tags cannot be moved. */
export class ArtifactRepository extends RepositoryBase {
  /** A repository that exists already, or that another stack makes. Grants on it are made, the repository is not. */
  static fromName(scope: Construct, id: string, name: string, location: string): IArtifactRepository {
    return new ImportedRepository(scope, id, name, location);
  }

  override readonly name: string;
  protected override readonly location: string;

  constructor(scope: Construct, id: string, props: ArtifactRepositoryProps) {
    super(scope, id);
    refuse(this, [
      malformed(
        "name",
        props.name,
        /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
        "1 to 63 lower-case letters, digits and dashes, starting with a letter",
      ),
    ]);
    const repository = new ArtifactRegistryRepository(this, "Resource", {
      repositoryId: props.name,
      location: props.location,
      description: escapeTemplates(props.description),
      format: "DOCKER",
      mode: "STANDARD_REPOSITORY",
      labels: props.labels,
      kmsKeyName: props.kmsKey,
      dockerConfig: { immutableTags: true },
      cleanupPolicyDryRun: props.cleanupDryRun ?? true,
      cleanupPolicies: [
        {
          id: "delete-untagged",
          action: "DELETE",
          condition: { tagState: "UNTAGGED", olderThan: `${(props.untaggedDays ?? 30) * secondsPerDay}s` },
        },
        { id: "keep-recent", action: "KEEP", mostRecentVersions: { keepCount: props.keepVersions ?? 10 } },
      ],
      dependsOn: props.dependsOn && [...props.dependsOn],
    });
    this.name = repository.repositoryId;
    this.location = repository.location;
  }
}

class ImportedRepository extends RepositoryBase {
  constructor(
    scope: Construct,
    id: string,
    override readonly name: string,
    protected override readonly location: string,
  ) {
    super(scope, id);
  }
}

const secondsPerDay = 86_400;
