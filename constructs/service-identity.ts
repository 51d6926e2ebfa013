import { ProjectIamMember } from "@cdktf/provider-google/lib/project-iam-member";
import { ServiceAccount } from "@cdktf/provider-google/lib/service-account";
import { ServiceAccountIamMember } from "@cdktf/provider-google/lib/service-account-iam-member";
import type { ITerraformDependable } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { malformed, refuse } from "./errors";

/** Someone a resource can grant access to. Grants on resources take their ids from the identity's id. */
export interface Identity extends IConstruct {
  /** The form IAM policies use: `serviceAccount:<email>`. */
  readonly member: string;
}

/** An identity with an address: a service account, a group, a person. */
export interface AddressedIdentity extends Identity {
  /** Its e-mail address. */
  readonly email: string;
}

/** An identity that is a service account, which jobs can run as. */
export interface ServiceAccountIdentity extends AddressedIdentity {
  /** For `dependsOn` of what runs as it: whoever deploys that is allowed to, from then on. @default - nothing */
  readonly ready?: readonly ITerraformDependable[];
}

export interface ServiceIdentityProps {
  /** The part before the @: 6 to 30 lower-case letters, digits and dashes. */
  readonly name: string;
  /** What it is for; shown in the console. */
  readonly description: string;
  /** Id of the project. @default - the provider's */
  readonly project?: string;
  /** What must be there first, such as the enabled API. @default - nothing */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/** A service account with no key and, until something is granted, no right. */
export class ServiceIdentity extends Construct implements ServiceAccountIdentity {
  /** A service account that exists already, or that another stack makes. Nothing is created. */
  static fromEmail(scope: Construct, id: string, email: string): ServiceAccountIdentity {
    return new ImportedIdentity(scope, id, email);
  }

  readonly email: string;
  readonly member: string;
  /** `projects/<project>/serviceAccounts/<email>` */
  readonly resourceName: string;
  ready?: readonly ITerraformDependable[];
  private readonly project: string;

  constructor(scope: Construct, id: string, props: ServiceIdentityProps) {
    super(scope, id);
    refuse(this, [
      malformed(
        "name",
        props.name,
        /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
        "6 to 30 lower-case letters, digits and dashes, starting with a letter",
      ),
    ]);
    const account = new ServiceAccount(this, "Resource", {
      accountId: props.name,
      displayName: props.description,
      project: props.project,
      dependsOn: props.dependsOn && [...props.dependsOn],
    });
    this.email = account.email;
    this.member = account.member;
    this.resourceName = account.name;
    this.project = account.project;
  }

  /**
   * Lets another identity start what runs as this one; deploying such a thing needs it. To be called before such
   * things are made, which wait for the grant.
   */
  grantActAs(identity: Identity): void {
    const role = "roles/iam.serviceAccountUser";
    const grant = new ServiceAccountIamMember(this, grantId(role, identity), {
      serviceAccountId: this.resourceName,
      role,
      member: identity.member,
    });
    this.ready = [...(this.ready ?? []), grant];
  }

  /**
   * Grants a role on the whole project. Prefer the grants of the resource itself; some roles
   * (`roles/bigquery.jobUser`) exist on projects only.
   *
   * @throws ConstructError for roles that give away the project
   */
  grantOnProject(role: string, condition?: GrantCondition): void {
    refuse(this, [
      isTooBroad(role) &&
        `role: ${role} on the whole project is more than a workload needs; grant it on the resource, or a lesser role`,
    ]);
    new ProjectIamMember(this, grantId(role), {
      project: this.project,
      role,
      member: this.member,
      condition,
    });
  }
}

/** A condition in Common Expression Language under which a grant holds. */
export interface GrantCondition {
  /** What it is about, in a few words. */
  readonly title: string;
  /** What must hold: `resource.name == "..."`. */
  readonly expression: string;
}

/** Whether a role gives away a project it is granted on: all of it, all of a service, or who acts in it. */
export function isTooBroad(role: string): boolean {
  return /admin|owner$|^roles\/editor$|\.(serviceAccount\w*(User|TokenCreator)|workloadIdentityUser)$/i.test(
    role,
  );
}

/** `roles/bigquery.jobUser` -> `bigquery-job-user`, the stable id of a grant beside others. */
export function grantId(role: string, identity?: Identity): string {
  const words = role
    .replace(/^.*roles\//, "")
    .replaceAll(/([a-z])([A-Z])/g, "$1-$2")
    .replaceAll(".", "-")
    .toLowerCase();
  return identity === undefined ? words : `${words}-${identity.node.id}`;
}

/** Somebody who is there already, by his address. */
abstract class Addressed extends Construct implements AddressedIdentity {
  readonly member: string;

  constructor(
    scope: Construct,
    id: string,
    kind: "group" | "user" | "serviceAccount",
    readonly email: string,
  ) {
    super(scope, id);
    this.member = `${kind}:${email}`;
  }
}

/** A group of people, or of Google's own machinery, that grants can name. Nothing is created. */
export class GoogleGroup extends Addressed {
  constructor(scope: Construct, id: string, email: string) {
    super(scope, id, "group", email);
  }
}

/** A person, whom grants can name; prefer a group, which outlives people's jobs. Nothing is created. */
export class GoogleUser extends Addressed {
  constructor(scope: Construct, id: string, email: string) {
    super(scope, id, "user", email);
  }
}

class ImportedIdentity extends Addressed implements ServiceAccountIdentity {
  constructor(scope: Construct, id: string, email: string) {
    super(scope, id, "serviceAccount", email);
  }
}
