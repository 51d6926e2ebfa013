import { KmsKey } from "../../constructs/kms-key";
import { StorageBucket } from "../../constructs/storage-bucket";
import { resources, stackOf } from "../support/stack";
import { dependsOn, location, member, reader, refusal } from "./support";

const name = "projects/p/locations/europe-west6/keyRings/r/cryptoKeys/k";

describe("KmsKey", () => {
  test("grants a service's agent to encrypt, which a bucket can wait for", () => {
    const json = stackOf((stack) => {
      const kmsKey = KmsKey.fromName(stack, "key", name);
      const grant = kmsKey.grantEncryptDecrypt(reader(stack));
      new StorageBucket(stack, "lake", { name: "my-lake", location, kmsKey, dependsOn: [grant] });
    });
    expect(resources(json, "google_kms_crypto_key_iam_member")).toEqual([
      { crypto_key_id: name, role: "roles/cloudkms.cryptoKeyEncrypterDecrypter", member },
    ]);
    expect(dependsOn(json, "google_storage_bucket")).toEqual([
      ["google_kms_crypto_key_iam_member.key_cloudkms-crypto-key-encrypter-decrypter-reader"],
    ]);
  });

  test("rejects what is not the full name of a key", () => {
    expect(refusal((stack) => KmsKey.fromName(stack, "key", "k"))).toBe(
      'KmsKey at test/key:\n  - resourceName: "k" must be projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/<key>',
    );
  });
});
