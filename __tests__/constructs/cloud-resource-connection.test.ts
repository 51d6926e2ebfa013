import type { TerraformStack } from "cdktf";
import {
  CloudResourceConnection,
  type CloudResourceConnectionProps,
} from "../../constructs/cloud-resource-connection";
import { KmsKey } from "../../constructs/kms-key";
import { StorageBucket } from "../../constructs/storage-bucket";
import { like, location, only, refusal } from "./support";

const add = (stack: TerraformStack, props: Partial<CloudResourceConnectionProps> = {}) =>
  new CloudResourceConnection(stack, "lake", { name: "lake", location, description: "d ${x}", ...props });

describe("CloudResourceConnection", () => {
  test("has a service account of its own", () => {
    expect(only("google_bigquery_connection", (stack) => add(stack))).toEqual({
      connection_id: "lake",
      location,
      description: "d $${x}",
      cloud_resource: {},
    });
  });

  test("can be granted access to a bucket", () => {
    const grant = only("google_storage_bucket_iam_member", (stack) =>
      StorageBucket.fromName(stack, "bucket", "my-lake").grantRead(add(stack).identity),
    );
    expect(grant).toEqual({
      bucket: "my-lake",
      role: "roles/storage.objectViewer",
      member: like(
        /^serviceAccount:\$\{google_bigquery_connection\.lake_\w+\.cloud_resource\[0\]\.service_account_id\}$/,
      ),
    });
  });

  test("is encrypted with a given key", () => {
    const key = "projects/p/locations/europe-west6/keyRings/r/cryptoKeys/k";
    expect(
      only("google_bigquery_connection", (stack) =>
        add(stack, { kmsKey: KmsKey.fromName(stack, "key", key) }),
      ),
    ).toMatchObject({ kms_key_name: key });
  });

  test("can be imported", () => {
    const grant = only("google_storage_bucket_iam_member", (stack) => {
      const id = "p.europe-west6.lake";
      const theirs = CloudResourceConnection.fromConnectionId(stack, "theirs", id, "c@x.example");
      expect(theirs.connectionId).toBe(id);
      StorageBucket.fromName(stack, "bucket", "my-lake").grantRead(theirs.identity);
    });
    expect(grant).toMatchObject({ member: "serviceAccount:c@x.example" });
    expect(
      refusal((stack) => CloudResourceConnection.fromConnectionId(stack, "x", "projects/p", "c@x.example")),
    ).toContain('connectionId: "projects/p" must be <project>.<location>.<name>');
  });

  test("refuses a name that is not valid", () => {
    expect(refusal((stack) => add(stack, { name: "a b" }))).toContain(
      'name: "a b" must be letters, digits, hyphens and underscores',
    );
  });
});
