import { StorageBucketObject } from "@cdktf/provider-google/lib/storage-bucket-object";
import type { Construct } from "constructs";
import { malformed, refuse } from "./errors";
import { escapeTemplates } from "./escape-templates";
import type { IStorageBucket } from "./storage-bucket";
import { type Dependency, TerraformConstruct } from "./terraform-construct";

export interface StorageObjectProps {
  /** Bucket of the object. */
  readonly bucket: IStorageBucket;
  /** Name of the object: `settings/orders.json`. */
  readonly name: string;
  /** The text. A change replaces the object in place; Terraform's state has it in plain text. */
  readonly content: string;
  /** Media type. A change deletes the object and creates it again. @default text/plain; charset=utf-8 */
  readonly contentType?: string;
  /** What must be created first, such as the grant that allows writing it. @default - nothing */
  readonly dependsOn?: readonly Dependency[];
}

/** A small text in a Cloud Storage bucket that is part of the configuration. */
export class StorageObject extends TerraformConstruct {
  /** Name of the object. */
  readonly name: string;

  constructor(scope: Construct, id: string, props: StorageObjectProps) {
    super(scope, id);
    const bytes = Buffer.byteLength(props.content);
    refuse(this, [
      malformed(
        "name",
        props.name,
        /^(?!\.\.?$)[^\r\n]{1,1024}$/,
        "1 to 1024 characters without line breaks",
      ),
      props.content === "" && "content: must not be empty; Terraform would not create the object",
      bytes > maxBytes && `content: ${bytes} bytes exceed ${maxBytes}; upload the object in another way`,
    ]);
    const object = new StorageBucketObject(this, "Resource", {
      bucket: props.bucket.name,
      name: props.name,
      content: escapeTemplates(props.content),
      contentType: props.contentType ?? "text/plain; charset=utf-8",
    });
    object.node.addDependency(...(props.dependsOn ?? []));
    this.name = props.name;
  }
}

/** The content is in every plan and in the state. */
const maxBytes = 4 << 20;
