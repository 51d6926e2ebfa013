import { BigqueryConnection } from "@cdktf/provider-google/lib/bigquery-connection";
import type { Construct, IConstruct } from "constructs";
import { malformed, refuse } from "./errors";
import { escapeTemplates } from "./escape-templates";
import type { IKmsKey } from "./kms-key";
import { type AddressedIdentity, ServiceIdentity } from "./service-identity";
import { type Dependency, TerraformConstruct } from "./terraform-construct";

export interface CloudResourceConnectionProps {
  /** Letters, digits, hyphens and underscores. */
  readonly name: string;
  /** Region or multi-region; that of the datasets whose tables use it. */
  readonly location: string;
  /** What it is for; shown in the console. */
  readonly description: string;
  /** Key that encrypts the connection. @default - Google-managed keys */
  readonly kmsKey?: IKmsKey;
  /** What must be created first, such as the enabled API. @default - nothing */
  readonly dependsOn?: readonly Dependency[];
}

/** A connection of BigQuery to other services of Google Cloud. */
export interface ICloudResourceConnection extends IConstruct {
  /** `<project>.<location>.<name>`, the form that BigQuery returns. */
  readonly connectionId: string;
  /** Service account of the connection. Grant it access to the resources that BigQuery reads through the connection. */
  readonly identity: AddressedIdentity;
}

/**
 * A connection through which BigQuery reads files as a separate service account, so that readers of a table need no
 * access to the bucket.
 */
export class CloudResourceConnection extends TerraformConstruct implements ICloudResourceConnection {
  /**
   * Imports a connection that exists already or that another stack creates. Nothing is created.
   *
   * @param connectionId `<project>.<location>.<name>`
   * @param email email address of the connection's service account
   */
  static fromConnectionId(
    scope: Construct,
    id: string,
    connectionId: string,
    email: string,
  ): ICloudResourceConnection {
    return new ImportedConnection(scope, id, connectionId, email);
  }

  readonly connectionId: string;
  readonly identity: AddressedIdentity;

  constructor(scope: Construct, id: string, props: CloudResourceConnectionProps) {
    super(scope, id);
    refuse(this, [malformed("name", props.name, /^[\w-]+$/, "letters, digits, hyphens and underscores")]);
    const connection = new BigqueryConnection(this, "Resource", {
      connectionId: props.name,
      location: props.location,
      description: escapeTemplates(props.description),
      kmsKeyName: props.kmsKey?.resourceName,
      cloudResource: {},
    });
    connection.node.addDependency(...(props.dependsOn ?? []));
    this.connectionId = `${connection.project}.${props.location}.${connection.connectionId}`;
    this.identity = ServiceIdentity.fromEmail(this, "identity", connection.cloudResource.serviceAccountId);
  }
}

class ImportedConnection extends TerraformConstruct implements ICloudResourceConnection {
  readonly identity: AddressedIdentity;

  constructor(
    scope: Construct,
    id: string,
    readonly connectionId: string,
    email: string,
  ) {
    super(scope, id);
    refuse(this, [
      malformed("connectionId", connectionId, /^[^.]+\.[\w-]+\.[\w-]+$/, "<project>.<location>.<name>"),
    ]);
    this.identity = ServiceIdentity.fromEmail(this, "identity", email);
  }
}
