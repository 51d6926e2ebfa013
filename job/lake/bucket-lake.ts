import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import type { File, GetFilesOptions, Storage } from "@google-cloud/storage";
import * as z from "zod/mini";
import { contentOf } from "../cloud/content";
import { cloudFailure, httpStatusOf } from "../cloud/failure";
import { Failure } from "../failure";
import { makeFolder } from "../files";
import type { FileRecord } from "../records";
import type { Lake } from "./lake";

/**
 * The data lake as a Cloud Storage bucket.
 *
 * Nothing locks a bucket, so every write says which generation of the object it replaces: the one this run has seen,
 * or that there was none. Of two runs on one period the second to write fails, and can be run again.
 */
export class BucketLake implements Lake {
  readonly name: string;
  readonly isExclusive = false;
  /** Of each path that was looked at: the generation that was there, 0 for none. */
  private readonly seen = new Map<string, number>();
  /** Where files of the lake are on this machine too. */
  private readonly here = new Map<string, string>();

  private constructor(
    private readonly storage: Storage,
    private readonly bucket: string,
  ) {
    this.name = `gs://${bucket}`;
  }

  /** @throws Failure permanent when there is no such bucket, or its objects may not be listed */
  static async open(storage: Storage, bucket: string): Promise<BucketLake> {
    const lake = new BucketLake(storage, bucket);
    await lake.list({ maxResults: 1 });
    return lake;
  }

  /** What other services of Google call a file: `gs://bucket/path`. */
  uri(path: string): string {
    return `${this.name}/${path}`;
  }

  /** The generation of a file that this run has published or found. */
  generation(path: string): number {
    return this.seen.get(path) ?? 0;
  }

  async confirm(path: string): Promise<void> {
    // Without remembering what is there now: tables are loaded at the same time, and each must find the change.
    if (((await this.stored(path))?.generation ?? 0) !== this.generation(path)) throw this.changed(path);
  }

  async publish(file: string, record: FileRecord): Promise<void> {
    const md5 = await md5Of(createReadStream(file, { highWaterMark: 1 << 20 }));
    await this.put(record.path, md5, async (options) => {
      const metadata = { ...options.metadata, metadata: { sha256: record.sha256 } };
      const upload = { ...options, metadata, destination: record.path };
      const [object] = await this.storage.bucket(this.bucket).upload(file, upload);
      return object;
    });
    this.here.set(record.path, file);
  }

  async write(path: string, text: string): Promise<void> {
    await this.put(path, await md5Of([text]), async (options) => {
      const object = this.object(path);
      await object.save(text, { ...options, resumable: false });
      return object;
    });
  }

  async read(path: string): Promise<string | undefined> {
    const found = await this.look(path);
    if (found === undefined) return undefined;
    return this.reading(path, () => text(this.content(path)));
  }

  /** The hash was stored with the bytes, in one write whose checksum the store verified; other bytes lack it. */
  async holds({ path, bytes, sha256 }: FileRecord): Promise<boolean> {
    const found = await this.look(path);
    return found?.size === bytes && found.metadata?.["sha256"] === sha256;
  }

  async remove(path: string): Promise<void> {
    const generation = await this.expected(path);
    if (generation === 0) return;
    await this.changing(path, async () => {
      await this.object(path).delete({ ifGenerationMatch: generation, ignoreNotFound: true });
    });
    this.seen.set(path, 0);
  }

  /** Removes a file, whoever has written it. */
  async forget(path: string): Promise<void> {
    this.seen.delete(path);
    await this.remove(path);
  }

  async local(record: FileRecord, scratch: string): Promise<string> {
    const here = this.here.get(record.path);
    if (here !== undefined && existsSync(here)) return here;
    const file = join(scratch, basename(record.path));
    await makeFolder(scratch);
    try {
      await this.reading(record.path, () => pipeline(this.content(record.path), createWriteStream(file)));
    } catch (error) {
      await rm(file, { force: true });
      throw error;
    }
    this.here.set(record.path, file);
    return file;
  }

  async names(prefix: string): Promise<readonly string[]> {
    const names: string[] = [];
    let pageToken: string | undefined;
    do {
      const page = await this.list({ prefix, delimiter: "/", ...(pageToken !== undefined && { pageToken }) });
      names.push(...page.paths.map((path) => basename(path)));
      pageToken = page.nextPageToken;
    } while (pageToken !== undefined);
    return names;
  }

  /** Writes an object in the place of the generation that this run has seen. */
  private async put(
    path: string,
    md5: string,
    write: (options: WriteOptions) => Promise<File>,
  ): Promise<void> {
    const ifGenerationMatch = await this.expected(path);
    await this.changing(path, async () => {
      try {
        const options = {
          preconditionOpts: { ifGenerationMatch },
          validation: false,
          metadata: { md5Hash: md5 },
        } as const;
        const { metadata } = await write(options);
        this.seen.set(path, objectMetadata.parse(metadata).generation);
      } catch (error) {
        // A write whose answer was lost is tried again by the client, and then refused for its own success.
        if (httpStatusOf(error) !== 412 || (await this.look(path))?.md5Hash !== md5) throw error;
      }
    });
  }

  /** The generation that a write replaces: the one seen before, else the one that is there now. */
  private async expected(path: string): Promise<number> {
    return this.seen.get(path) ?? (await this.look(path))?.generation ?? 0;
  }

  /** What the store says of an object, remembered; undefined when there is none. */
  private async look(path: string): Promise<z.infer<typeof objectMetadata> | undefined> {
    const found = await this.stored(path);
    this.seen.set(path, found?.generation ?? 0);
    return found;
  }

  private async stored(path: string): Promise<z.infer<typeof objectMetadata> | undefined> {
    try {
      const [metadata] = await this.object(path).getMetadata();
      return objectMetadata.parse(metadata);
    } catch (error) {
      if (httpStatusOf(error) !== 404) throw cloudFailure(error, `${this.uri(path)} cannot be read`);
      return undefined;
    }
  }

  private object(path: string): File {
    return this.storage.bucket(this.bucket).file(path);
  }

  /** The generation that this run has published or found, whatever is there now. */
  private content(path: string): AsyncIterable<Buffer> {
    const file = this.storage.bucket(this.bucket).file(path, { generation: this.generation(path) });
    return contentOf(file, { hasMd5: true, decompress: false });
  }

  /** Reads a generation that was there before: when it is not, it was replaced. */
  private async reading<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (httpStatusOf(error) === 404) throw this.changed(path, error);
      throw cloudFailure(error, `${this.uri(path)} cannot be read`);
    }
  }

  private async changing(path: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (httpStatusOf(error) !== 412) throw cloudFailure(error, `${this.uri(path)} cannot be written`);
      throw this.changed(path, error);
    }
  }

  private changed(path: string, cause?: unknown): Failure {
    const message = `${this.uri(path)} was changed by another run meanwhile; run again when it has finished`;
    return new Failure("retryable", message, { cause });
  }

  /** One page of a listing: objects, and what stands for those below a delimiter. */
  private async list(query: GetFilesOptions) {
    try {
      const [files, , answer] = await this.storage
        .bucket(this.bucket)
        .getFiles({ ...query, autoPaginate: false });
      const { prefixes = [], nextPageToken } = listing.parse(answer);
      return { paths: [...files.map(({ name }) => name), ...prefixes], nextPageToken };
    } catch (error) {
      throw cloudFailure(error, `the lake ${this.name} cannot be listed`);
    }
  }
}

/** How every object is written. */
interface WriteOptions {
  readonly preconditionOpts: { readonly ifGenerationMatch: number };
  /** The store itself compares the checksum below, and keeps nothing that does not fit. */
  readonly validation: false;
  readonly metadata: { readonly md5Hash: string };
}

const objectMetadata = z.object({
  generation: z.coerce.number(),
  size: z.coerce.number(),
  md5Hash: z.optional(z.string()),
  metadata: z.optional(z.record(z.string(), z.unknown())),
});
const listing = z.object({
  prefixes: z.optional(z.array(z.string())),
  nextPageToken: z.optional(z.string()),
});

/** As the store writes it: base64. */
async function md5Of(content: AsyncIterable<Buffer> | Iterable<string>): Promise<string> {
  const hash = createHash("md5");
  await pipeline(content, hash);
  return hash.digest("base64");
}
