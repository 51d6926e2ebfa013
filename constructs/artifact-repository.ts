import { ArtifactRegistryRepository } from "@cdktf/provider-google/lib/artifact-registry-repository";
import { ArtifactRegistryRepositoryIamMember } from "@cdktf/provider-google/lib/artifact-registry-repository-iam-member";
import type { Construct, IConstruct } from "constructs";
import { malformedName, notWhole, refuse } from "./errors";
import { escapeTemplates } from "./escape-templates";
import { type Grant, grantId, grantOnce } from "./grant";
import type { IKmsKey } from "./kms-key";
import type { Identity } from "./service-identity";
import { type Dependency, TerraformConstruct } from "./terraform-construct";

export interface ArtifactRepositoryProps {
  /** 1 to 63 lowercase letters, digits and hyphens. */
  readonly name: string;
  /** A region, best that of the jobs, or a multi-region (`europe`). */
  readonly location: string;
  /** What it is for; shown in the console. */
  readonly description: string;
  /** @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Days after which images without a tag are deleted. @default 30 */
  readonly untaggedDays?: number;
  /** Number of versions of each image that are kept however old they are. @default 10 */
  readonly keepVersions?: number;
  /** Whether the clean-up only logs what it would delete. Images with a tag are never deleted. @default false */
  readonly cleanupDryRun?: boolean;
  /** Key that encrypts the images. @default - Google-managed keys */
  readonly kmsKey?: IKmsKey;
  /** What must be created first, such as the enabled API. @default - nothing */
  readonly dependsOn?: readonly Dependency[];
}

/** A repository of container images, new or imported. */
export interface IArtifactRepository extends IConstruct {
  /** Its id, which follows the project in the address of an image. */
  readonly name: string;
  /** Lets the identity pull images. */
  grantPull(identity: Identity): Grant;
  /** Lets the identity push and pull images. */
  grantPush(identity: Identity): Grant;
}

abstract class RepositoryBase extends TerraformConstruct implements IArtifactRepository {
  abstract readonly name: string;
  protected abstract readonly location: string;

  grantPull(identity: Identity): Grant {
    return this.grant(identity, "roles/artifactregistry.reader");
  }

  grantPush(identity: Identity): Grant {
    return this.grant(identity, "roles/artifactregistry.writer");
  }

  private grant(identity: Identity, role: string): Grant {
    return grantOnce(this, grantId(role, identity), ArtifactRegistryRepositoryIamMember, {
      repository: this.name,
      location: this.location,
      role,
      member: identity.member,
    });
  }
}

/** An Artifact Registry repository of container images, with immutable tags and a clean-up of old images. */
export class ArtifactRepository extends RepositoryBase {
  /**
   * Imports a repository that exists already or that another stack creates. Grants on it are created; the repository
   * itself is not managed.
   */
  static fromName(scope: Construct, id: string, name: string, location: string): IArtifactRepository {
    return new ImportedRepository(scope, id, name, location);
  }

  override readonly name: string;
  protected override readonly location: string;

  constructor(scope: Construct, id: string, props: ArtifactRepositoryProps) {
    super(scope, id);
    const { untaggedDays = 30, keepVersions = 10 } = props;
    refuse(this, [
      malformedName(props.name),
      notWhole("untaggedDays", untaggedDays, 1),
      notWhole("keepVersions", keepVersions, 1),
    ]);
    const repository = new ArtifactRegistryRepository(this, "Resource", {
      repositoryId: props.name,
      location: props.location,
      description: escapeTemplates(props.description),
      format: "DOCKER",
      mode: "STANDARD_REPOSITORY",
      labels: props.labels,
      kmsKeyName: props.kmsKey?.resourceName,
      dockerConfig: { immutableTags: true },
      cleanupPolicyDryRun: props.cleanupDryRun ?? false,
      cleanupPolicies: [
        {
          id: "delete-untagged",
          action: "DELETE",
          condition: { tagState: "UNTAGGED", olderThan: `${untaggedDays * secondsPerDay}s` },
        },
        { id: "keep-recent", action: "KEEP", mostRecentVersions: { keepCount: keepVersions } },
      ],
    });
    repository.node.addDependency(...(props.dependsOn ?? []));
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
