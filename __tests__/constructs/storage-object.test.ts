import { ServiceIdentity } from "../../constructs/service-identity";
import { StorageBucket } from "../../constructs/storage-bucket";
import { StorageObject, type StorageObjectProps } from "../../constructs/storage-object";
import { resources, stackOf } from "../support/stack";
import { dependsOn, only, refusal } from "./support";

const type = "google_storage_bucket_object";

describe("StorageObject", () => {
  const object = (props: Partial<StorageObjectProps> = {}) =>
    only(type, (stack) => {
      const bucket = StorageBucket.fromName(stack, "bucket", "my-bucket");
      new StorageObject(stack, "object", { bucket, name: "orders.json", content: "{}", ...props });
    });

  test("is a text in a bucket", () => {
    expect(object()).toEqual({
      bucket: "my-bucket",
      name: "orders.json",
      content: "{}",
      content_type: "text/plain; charset=utf-8",
    });
  });

  test("has another media type, and what Terraform would take for an expression", () => {
    expect(object({ contentType: "application/json", content: '{"home":"${HOME} %{if}"}' })).toMatchObject({
      content_type: "application/json",
      content: '{"home":"$${HOME} %%{if}"}',
    });
  });

  test("waits for what it depends on", () => {
    const json = stackOf((stack) => {
      const bucket = StorageBucket.fromName(stack, "bucket", "my-bucket");
      const writer = ServiceIdentity.fromEmail(stack, "writer", "w@p.iam.gserviceaccount.com");
      const dependsOn = [bucket.grantWrite(writer)];
      new StorageObject(stack, "object", { bucket, name: "orders.json", content: "{}", dependsOn });
    });
    expect(dependsOn(json, type)).toEqual([
      [expect.stringMatching(/^google_storage_bucket_iam_member\.bucket_storage-object-user-writer/)],
    ]);
    expect(resources(json, type)).toHaveLength(1);
  });

  test("rejects an empty or a huge text, and names that Cloud Storage does not accept", () => {
    const refused = (props: Partial<StorageObjectProps>) =>
      refusal((stack) => {
        const bucket = StorageBucket.fromName(stack, "bucket", "my-bucket");
        return new StorageObject(stack, "object", { bucket, name: "x", content: "{}", ...props });
      });
    expect(refused({ content: "" })).toContain("content: must not be empty");
    expect(refused({ content: "ü".repeat(2 << 20) + "x" })).toContain(
      "content: 4194305 bytes exceed 4194304",
    );
    for (const name of ["", "..", "a\nb"]) expect(refused({ name })).toContain("name: ");
  });
});
