import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { DamagedError } from "./content-coding";

/** Checksums of whole objects in S3's headers, `x-amz-checksum-<name>`; the fastest first. */
export const checksumNames = ["crc32", "crc32c", "sha1", "sha256", "crc64nvme"] as const;
export type ChecksumName = (typeof checksumNames)[number] | "md5";

/**
 * Compares a file with its checksum from the server.
 *
 * @param expected `crc32:<base64>`
 * @throws DamagedError when it differs
 */
export async function checkedFile(file: string, expected: string): Promise<void> {
  const [name = "", due] = expected.split(":");
  const sum = await summing(name);
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>)
    sum.update(chunk);
  const found = Buffer.from(await sum.digest()).toString("base64");
  if (found !== due) throw new DamagedError(`its ${name} checksum is ${found}, expected ${due ?? ""}`);
}

interface Sum {
  update(chunk: Uint8Array): void;
  digest(): Uint8Array | Promise<Uint8Array>;
}

async function summing(name: string): Promise<Sum> {
  if (["md5", "sha1", "sha256"].includes(name)) {
    const hash = createHash(name);
    return { update: (chunk) => void hash.update(chunk), digest: () => hash.digest() };
  }
  const { Crc32, Crc32c, Crc64Nvme } = await import("@aws-sdk/checksums/crc");
  switch (name) {
    case "crc32":
      return new Crc32();
    case "crc32c":
      return new Crc32c();
    case "crc64nvme":
      return new Crc64Nvme();
    default:
      throw new TypeError(`unknown checksum "${name}"`);
  }
}
