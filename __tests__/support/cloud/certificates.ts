import { generateKeyPairSync, randomBytes } from "node:crypto";
import { md, pki } from "node-forge";

const minute = 60_000;

/** An authority that exists for a test. Certificates are PEM, and all good for the same hour. */
export class Authority {
  readonly certificate: string;
  readonly expires = new Date(Date.now() + 60 * minute);
  private readonly key: string;

  constructor(private readonly name: string) {
    const { publicKey, privateKey } = newKeys();
    this.key = privateKey;
    this.certificate = this.certify(name, publicKey, true).certificate;
  }

  /** A new key, and the certificate that it belongs to the name. */
  identity(name: string): { readonly cert: string; readonly key: string } {
    const { publicKey, privateKey } = newKeys();
    return { key: privateKey, cert: this.certify(name, publicKey).certificate };
  }

  /** Certifies that a public key belongs to the name. The serial number is written as Node writes it. */
  certify(
    name: string,
    publicKey: string,
    isAuthority = false,
  ): { readonly certificate: string; readonly serialNumber: string } {
    const certificate = pki.createCertificate();
    certificate.publicKey = pki.publicKeyFromPem(publicKey);
    // A first bit of 1 would make it negative.
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

/** By Node: forge takes seconds for it. */
function newKeys(): { publicKey: string; privateKey: string } {
  return generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
}
