import { generateKeyPairSync, randomBytes } from "node:crypto";
import { md, pki } from "node-forge";

const minute = 60_000;

/** A certificate authority for a test. Certificates are PEM and valid for the same hour. */
export class Authority {
  readonly certificate: string;
  readonly expires = new Date(Date.now() + 60 * minute);
  private readonly key: string;

  constructor(private readonly name: string) {
    const { publicKey, privateKey } = newKeys();
    this.key = privateKey;
    this.certificate = this.certify(name, publicKey, true).certificate;
  }

  /** Creates a key and its certificate. */
  identity(name: string): { readonly cert: string; readonly key: string } {
    const { publicKey, privateKey } = newKeys();
    return { key: privateKey, cert: this.certify(name, publicKey).certificate };
  }

  /** Creates a certificate for a public key. The serial number has the format of Node.js. */
  certify(
    name: string,
    publicKey: string,
    isAuthority = false,
  ): { readonly certificate: string; readonly serialNumber: string } {
    const certificate = pki.createCertificate();
    certificate.publicKey = pki.publicKeyFromPem(publicKey);
    // With a first bit of 1, the number would be negative.
    certificate.serialNumber = `1${randomBytes(8).toString("hex").slice(1)}`;
    certificate.validity.notBefore = new Date(Date.now() - 5 * minute);
    certificate.validity.notAfter = this.expires;
    certificate.setSubject([{ name: "commonName", value: name }]);
    certificate.setIssuer([{ name: "commonName", value: this.name }]);
    certificate.setExtensions([{ name: "basicConstraints", cA: isAuthority }]);
    certificate.sign(pki.privateKeyFromPem(this.key), md.sha256.create());
    return {
      certificate: pki.certificateToPem(certificate),
      serialNumber: certificate.serialNumber.toUpperCase(),
    };
  }
}

/** With Node.js, because forge takes seconds. */
function newKeys(): { publicKey: string; privateKey: string } {
  return generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
}
