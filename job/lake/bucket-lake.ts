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
import { Upload } from "./upload";

/**
 * The data lake as a Cloud Storage bucket.
 *
 * A bucket cannot be locked, so every write is conditional on the generation of the object that this run has seen, or
 * on its absence. Of two concurrent runs of one period, the second one to write fails and can be retried.
 */
export class BucketLake implements Lake {
  readonly name: string;
  readonly isExclusive = false;
  /** Generations that this run has seen by path; 0 for no object. */
  private readonly seen = new Map<string, number>();
  /** Paths of files that consist of several: Cloud Storage has no MD5 of them. */
  private readonly composed = new Set<string>();
  /** Local copies of files by path. */
  private readonly here = new Map<string, string>();

  private constructor(
    private readonly storage: Storage,
    private readonly bucket: string,
  ) {
    this.name = `gs://${bucket}`;
  }

  /** @throws Failure permanent when the bucket does not exist, or its objects cannot be listed */
  static async open(storage: Storage, bucket: string): Promise<BucketLake> {
    const lake = new BucketLake(storage, bucket);
    await lake.list({ maxResults: 1 });
    return lake;
  }

  /** URI of a file for other Google services: `gs://bucket/path`. */
  uri(path: string): string {
    return `${this.name}/${path}`;
  }

  /** The generation of a file that this run has published or found. */
  generation(path: string): number {
    return this.seen.get(path) ?? 0;
  }

  async confirm(path: string): Promise<void> {
    // Do not record the generation: tables are loaded in parallel, and each must detect the change.
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

  /** Writes a file of this run alone, whose bytes are not known yet. */
  upload(path: string): Upload {
    const stream = this.object(path).createWriteStream({ resumable: true, chunkSize: 8 << 20 });
    return new Upload(stream, this.uri(path));
  }

  /**
   * Publishes files that are in the lake already as one file, which replaces the one at the path of the record.
   *
   * @param parts paths of files of this run alone, in order
   * @param folder for temporary files
   */
  async compose(parts: readonly string[], record: FileRecord, folder: string): Promise<void> {
    const ifGenerationMatch = await this.expected(record.path);
    await this.changing(record.path, async () => {
      let sources = parts;
      for (let round = 0; sources.length > mostParts; round += 1) {
        const groups = Array.from({ length: Math.ceil(sources.length / mostParts) }, (_, index) =>
          sources.slice(index * mostParts, (index + 1) * mostParts),
        );
        sources = await Promise.all(
          groups.map(async (group, index) => {
            const path = `${folder}composed-${round}-${index}`;
            await this.combined(group, path);
            return path;
          }),
        );
      }
      await this.combined(sources, record.path, ifGenerationMatch);
      const [metadata] = await this.object(record.path).getMetadata();
      const { generation, size } = objectMetadata.parse(metadata);
      if (size !== record.bytes)
        throw new Failure(
          "integrity",
          `${this.uri(record.path)} has ${size} bytes, expected ${record.bytes}; run again`,
        );
      const file = this.storage.bucket(this.bucket).file(record.path, { generation });
      // Only now it is complete for `holds`.
      await file.setMetadata({ metadata: { sha256: record.sha256 } });
      this.seen.set(record.path, generation);
      this.composed.add(record.path);
    });
  }

  /** Removes files of this run alone, as far as possible: they expire anyway. */
  async discard(paths: readonly string[]): Promise<void> {
    await Promise.allSettled(paths.map((path) => this.object(path).delete({ ignoreNotFound: true })));
  }

  private async combined(
    sources: readonly string[],
    path: string,
    ifGenerationMatch?: number,
  ): Promise<void> {
    const target = this.object(path);
    target.metadata.contentType = "application/vnd.apache.parquet";
    await this.storage.bucket(this.bucket).combine([...sources], target, {
      ...(ifGenerationMatch !== undefined && { ifGenerationMatch }),
    });
  }

  /** Downloads a file of this run alone. */
  async fetch(path: string, file: string): Promise<void> {
    const found = await this.look(path);
    await this.reading(path, () =>
      pipeline(
        contentOf(this.object(path), { hasMd5: found?.md5Hash !== undefined, decompress: false }),
        createWriteStream(file),
      ),
    );
  }

  async read(path: string): Promise<string | undefined> {
    const found = await this.look(path);
    if (found === undefined) return undefined;
    return this.reading(path, () => text(this.content(path)));
  }

  /** `publish` stores the hash with the bytes in one verified write; bytes from another writer do not have it. */
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

  /** Removes a file, even if another run has written it. */
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

  /** Replaces the generation of an object that this run has seen. */
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
        // When the response of a successful write is lost, the client's retry fails because of that write.
        if (httpStatusOf(error) !== 412 || (await this.look(path))?.md5Hash !== md5) throw error;
      }
    });
  }

  /** The generation that a write replaces: the one seen before, otherwise the current one. */
  private async expected(path: string): Promise<number> {
    return this.seen.get(path) ?? (await this.look(path))?.generation ?? 0;
  }

  /** Metadata of an object, whose generation is recorded; undefined when the object does not exist. */
  private async look(path: string): Promise<z.infer<typeof objectMetadata> | undefined> {
    const found = await this.stored(path);
    this.seen.set(path, found?.generation ?? 0);
    if (found !== undefined && found.md5Hash === undefined) this.composed.add(path);
    else this.composed.delete(path);
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

  /** Content of the generation that this run has published or found, even if it has been replaced. */
  private content(path: string): AsyncIterable<Buffer> {
    const file = this.storage.bucket(this.bucket).file(path, { generation: this.generation(path) });
    return contentOf(file, { hasMd5: !this.composed.has(path), decompress: false });
  }

  /** Reads a generation that existed before: if it does not exist now, another run has replaced it. */
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
    const message = `${this.uri(path)} was changed by another run; run again when that run has finished`;
    return new Failure("retryable", message, { cause });
  }

  /** One page of a listing: objects, and prefixes of objects behind a delimiter. */
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

/** As many files as Cloud Storage composes at once. https://cloud.google.com/storage/docs/composite-objects */
const mostParts = 32;

/** Options of every write. */
interface WriteOptions {
  readonly preconditionOpts: { readonly ifGenerationMatch: number };
  /** Cloud Storage compares the checksum in `metadata`, and rejects content that does not match. */
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

/** In base64, as in Cloud Storage. */
async function md5Of(content: AsyncIterable<Buffer> | Iterable<string>): Promise<string> {
  const hash = createHash("md5");
  await pipeline(content, hash);
  return hash.digest("base64");
}
