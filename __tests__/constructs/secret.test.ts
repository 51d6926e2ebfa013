import { CloudRunJob } from "../../constructs/cloud-run-job";
import { KmsKey } from "../../constructs/kms-key";
import { Secret } from "../../constructs/secret";
import { resources, stackOf } from "../support/stack";
import { dependsOn, image, location, member, only, reader, refusal } from "./support";

const type = "google_secret_manager_secret";

describe("Secret", () => {
  test("is stored in one region, protected, and has no value", () => {
    const json = stackOf((stack) => new Secret(stack, "token", { name: "token", location }));
    expect(resources(json, type)).toEqual([
      {
        secret_id: "token",
        replication: { user_managed: { replicas: [{ location }] } },
        deletion_protection: true,
      },
    ]);
    expect(json.resource.google_secret_manager_secret_version).toBeUndefined();
  });

  test("accepts a key, labels, and no protection", () => {
    const key = "projects/p/locations/l/keyRings/r/cryptoKeys/k";
    const found = only(type, (stack) => {
      const kmsKey = KmsKey.fromName(stack, "key", key);
      const props = { name: "token", location, kmsKey, labels: { a: "b" }, deletionProtection: false };
      new Secret(stack, "token", props);
    });
    expect(found).toMatchObject({
      labels: { a: "b" },
      replication: { user_managed: { replicas: [{ customer_managed_encryption: { kms_key_name: key } }] } },
      deletion_protection: false,
    });
  });

  test.each(["before", "after"])("is read by a job that waits for a grant made %s it", (when) => {
    const json = stackOf((stack) => {
      const token = new Secret(stack, "token", { name: "token", location });
      const identity = reader(stack);
      if (when === "before") token.grantRead(identity);
      const secrets = { TOKEN: token.version(3) };
      new CloudRunJob(stack, "job", { name: "ingest", location, image, identity, secrets });
      if (when === "after") token.grantRead(identity);
    });
    const secret = "${google_secret_manager_secret.token_EC62706D.secret_id}";
    expect(resources(json, "google_secret_manager_secret_iam_member")).toEqual([
      { secret_id: secret, role: "roles/secretmanager.secretAccessor", member },
    ]);
    expect(JSON.stringify(json)).toContain(`{"secret":"${secret}","version":"3"}`);
    expect(dependsOn(json, "google_cloud_run_v2_job")).toEqual([
      ["google_secret_manager_secret_iam_member.token_secretmanager-secret-accessor-reader"],
    ]);
  });

  test("rejects versions that are not numbers above 0, and names of the wrong form", () => {
    expect(refusal((stack) => Secret.fromName(stack, "token", "token").version(0))).toContain(
      "version: 0 must be an integer above 0",
    );
    expect(refusal((stack) => new Secret(stack, "token", { name: "a b", location }))).toContain(
      'name: "a b" must be at most 255 letters, digits, hyphens and underscores',
    );
  });
});
