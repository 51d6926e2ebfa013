import { KmsCryptoKeyIamMember } from "@cdktf/provider-google/lib/kms-crypto-key-iam-member";
import type { Construct, IConstruct } from "constructs";
import { malformed, refuse } from "./errors";
import { type Grant, grantId, grantOnce } from "./grant";
import type { Identity } from "./service-identity";
import { TerraformConstruct } from "./terraform-construct";

/** A Cloud KMS key. It must be in the location of what it encrypts. */
export interface IKmsKey extends IConstruct {
  /** `projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/<key>` */
  readonly resourceName: string;
  /**
   * Lets the identity encrypt and decrypt with the key. A service encrypts as its own agent, which needs this grant
   * before a resource with the key is created: pass the grant to `dependsOn` of that resource.
   */
  grantEncryptDecrypt(identity: Identity): Grant;
}

/**
 * An existing Cloud KMS key. Keys are never created here: a key that Terraform destroys takes all data encrypted with
 * it.
 */
export class KmsKey extends TerraformConstruct implements IKmsKey {
  /**
   * Imports a key. Grants on it are created; the key itself is not managed.
   *
   * @throws ConstructError if the name is not the full name of a key
   */
  static fromName(scope: Construct, id: string, resourceName: string): IKmsKey {
    return new KmsKey(scope, id, resourceName);
  }

  private constructor(
    scope: Construct,
    id: string,
    readonly resourceName: string,
  ) {
    super(scope, id);
    refuse(this, [
      malformed(
        "resourceName",
        resourceName,
        /^projects\/[^/]+\/locations\/[^/]+\/keyRings\/[^/]+\/cryptoKeys\/[^/]+$/,
        "projects/<project>/locations/<location>/keyRings/<ring>/cryptoKeys/<key>",
      ),
    ]);
  }

  grantEncryptDecrypt(identity: Identity): Grant {
    const role = "roles/cloudkms.cryptoKeyEncrypterDecrypter";
    return grantOnce(this, grantId(role, identity), KmsCryptoKeyIamMember, {
      cryptoKeyId: this.resourceName,
      role,
      member: identity.member,
    });
  }
}
