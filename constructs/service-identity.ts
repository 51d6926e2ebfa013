import { ProjectIamMember } from "@cdktf/provider-google/lib/project-iam-member";
import { ServiceAccount } from "@cdktf/provider-google/lib/service-account";
import { ServiceAccountIamMember } from "@cdktf/provider-google/lib/service-account-iam-member";
import { type Construct, DependencyGroup, type IConstruct, type IDependable } from "constructs";
import { malformed, refuse } from "./errors";
import { type Grant, type GrantCondition, grantId, grantOnce } from "./grant";
import { providerProject } from "./provider-project";
import { type Dependency, TerraformConstruct } from "./terraform-construct";

/** An identity that can be granted access. The ids of grants on resources end with the identity's id. */
export interface Identity extends IConstruct {
  /** The form IAM policies use: `serviceAccount:<email>`. */
  readonly member: string;
  /**
   * Grants a role on a whole project. Prefer the grants of the resource itself; some roles
   * (`roles/bigquery.jobUser`) exist on projects only.
   *
   * @throws ConstructError if the role gives control of the project
   */
  grantOnProject(role: string, options?: ProjectGrantOptions): Grant;
}

/** How a role is granted on a project. */
export interface ProjectGrantOptions {
  /** Id of the project. @default - that of a service account created here, otherwise the Google provider's */
  readonly project?: string;
  /** Limits the grant. @default - no condition */
  readonly condition?: GrantCondition;
}

/** An identity with an email address: a service account, a group or a user. */
export interface AddressedIdentity extends Identity {
  /** Its email address. */
  readonly email: string;
}

/** A service account, new or imported. Jobs, workflows and schedules run as it. */
export interface ServiceAccountIdentity extends AddressedIdentity {
  /** Every `grantActAs` on this account, earlier or later. What runs as the account waits for it. */
  readonly ready: IDependable;
  /**
   * Lets another identity deploy resources that run as this account. Resources in the same stack that run as this
   * account wait for the grant, whether they are created before or after it.
   */
  grantActAs(identity: Identity): Grant;
}

export interface ServiceIdentityProps {
  /** Name without domain: 6 to 30 lowercase letters, digits and hyphens. */
  readonly name: string;
  /** What it is for; shown in the console. */
  readonly description: string;
  /** Id of the project. @default - the provider's */
  readonly project?: string;
  /** What must be created first, such as the enabled API. @default - nothing */
  readonly dependsOn?: readonly Dependency[];
}

/** Whether a role gives control of a project it is granted on: all of it, all of a service, or who acts in it. */
export function isTooBroad(role: string): boolean {
  return /admin|owner$|^roles\/editor$|\.(serviceAccount\w*(User|TokenCreator)|workloadIdentityUser)$/i.test(
    role,
  );
}

abstract class IdentityBase extends TerraformConstruct implements AddressedIdentity {
  abstract readonly email: string;
  abstract readonly member: string;

  grantOnProject(role: string, { project, condition }: ProjectGrantOptions = {}): Grant {
    refuse(this, [
      isTooBroad(role) &&
        `role: ${role} gives too much control of the project; grant it on a resource, or grant a narrower role`,
    ]);
    const { member } = this;
    return grantOnce(
      this,
      grantId(role),
      ProjectIamMember,
      { project: project ?? this.defaultProject(role), role, member, condition },
      { project: project ?? "default", role, member, condition },
    );
  }

  /** Project of grants that name none. */
  protected defaultProject(role: string): string {
    return providerProject(
      this,
      `grantOnProject("${role}"): the Google provider of the stack has no project; set it there, or pass \`project\``,
    );
  }
}

abstract class ServiceAccountBase extends IdentityBase implements ServiceAccountIdentity {
  abstract readonly resourceName: string;
  private readonly actAsGrants = new DependencyGroup();
  readonly ready: IDependable = this.actAsGrants;

  grantActAs(identity: Identity): Grant {
    const role = "roles/iam.serviceAccountUser";
    const grant = grantOnce(this, grantId(role, identity), ServiceAccountIamMember, {
      serviceAccountId: this.resourceName,
      role,
      member: identity.member,
    });
    this.actAsGrants.add(grant);
    return grant;
  }
}

/** A service account without keys. It has no access until something is granted. */
export class ServiceIdentity extends ServiceAccountBase {
  /**
   * Imports a service account that exists already or that another stack creates. Grants are created; the account
   * itself is not managed.
   */
  static fromEmail(scope: Construct, id: string, email: string): ServiceAccountIdentity {
    return new ImportedIdentity(scope, id, email);
  }

  override readonly email: string;
  override readonly member: string;
  /** `projects/<project>/serviceAccounts/<email>` */
  override readonly resourceName: string;
  private readonly project: string;

  constructor(scope: Construct, id: string, props: ServiceIdentityProps) {
    super(scope, id);
    refuse(this, [
      malformed(
        "name",
        props.name,
        /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
        "6 to 30 lowercase letters, digits and hyphens, starting with a letter",
      ),
    ]);
    const account = new ServiceAccount(this, "Resource", {
      accountId: props.name,
      displayName: props.description,
      project: props.project,
    });
    account.node.addDependency(...(props.dependsOn ?? []));
    this.email = account.email;
    this.member = account.member;
    this.resourceName = account.name;
    this.project = account.project;
  }

  protected override defaultProject(): string {
    return this.project;
  }
}

class ImportedIdentity extends ServiceAccountBase {
  override readonly member: string;
  override readonly resourceName: string;

  constructor(
    scope: Construct,
    id: string,
    override readonly email: string,
  ) {
    super(scope, id);
    refuse(this, [emailFault(email)]);
    this.member = `serviceAccount:${email}`;
    // A dash stands for the project the account is in.
    this.resourceName = `projects/-/serviceAccounts/${email}`;
  }
}

abstract class GoogleAccount extends IdentityBase {
  override readonly member: string;

  constructor(
    scope: Construct,
    id: string,
    kind: "group" | "user",
    override readonly email: string,
  ) {
    super(scope, id);
    refuse(this, [emailFault(email)]);
    this.member = `${kind}:${email}`;
  }
}

/** An existing Google group, to which access can be granted. Nothing is created until then. */
export class GoogleGroup extends GoogleAccount {
  constructor(scope: Construct, id: string, email: string) {
    super(scope, id, "group", email);
  }
}

/** An existing Google user, to whom access can be granted. Prefer groups, whose members can change. */
export class GoogleUser extends GoogleAccount {
  constructor(scope: Construct, id: string, email: string) {
    super(scope, id, "user", email);
  }
}

function emailFault(email: string) {
  return malformed("email", email, /^[^@\s:]+@[^@\s]+$/, "an email address");
}
