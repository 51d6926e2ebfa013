import { createHash } from "node:crypto";
import { createWriteStream, existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import pRetry, { AbortError } from "p-retry";
import { messageOf } from "../../errors/thrown";
import { get } from "../../job/source/http-request";
import { type Installation, type Installed, installOnce, lookFor } from "../../programs/installed";

/** Java archives from Maven Central, all of them locked with hashes. */
export interface Jars {
  /** Name and version, for messages and the name of the folder: `Kafka 4.1.0`. */
  readonly title: string;
  /** Path of the lock file: a line per archive with its sha256, its size in bytes, and its path on Maven Central. */
  readonly lock: string;
  /** The command that installs them. */
  readonly command: string;
}

/** The folder with the archives. */
export interface JarFolder {
  readonly folder: string;
}

/** The variable is for a mirror, which has the same paths. */
const mavenCentral = process.env["MAVEN_MIRROR"] ?? "https://repo.maven.apache.org/maven2";
const attempts = 4;
const parallel = 6;
const timeoutMs = 120_000;

/** Checks whether the archives are installed, in the versions of the lock file. */
export function findJars(cache: string, jars: Jars): Installed<JarFolder> {
  return lookFor(installation(cache, jars));
}

/**
 * Downloads the archives into the cache, if they are not there.
 *
 * @param progress called with the bytes of the archives that are complete, and of all archives
 * @param repository address of the repository. @default - MAVEN_MIRROR, or Maven Central
 */
export function installJars(
  cache: string,
  jars: Jars,
  progress: (done: number, total: number) => void = () => undefined,
  repository = mavenCentral,
): Promise<Installed<JarFolder>> {
  const installing = installation(cache, jars);
  return installOnce(installing, async () => {
    const archives = readLock(jars.lock);
    const total = archives.reduce((sum, { bytes }) => sum + bytes, 0);
    const waiting = [...archives];
    let done = 0;
    const worker = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        await download(next, installing.folder, repository);
        progress((done += next.bytes), total);
      }
    };
    try {
      await Promise.all(Array.from({ length: parallel }, worker));
    } catch (error) {
      // The others end as well: a half-filled folder is not used.
      waiting.length = 0;
      return `not available from Maven Central: ${messageOf(error)}`;
    }
    return undefined;
  });
}

/** An archive of a lock file. */
interface Archive {
  readonly sha256: string;
  readonly bytes: number;
  /** `org/apache/kafka/kafka-clients/4.1.0/kafka-clients-4.1.0.jar` */
  readonly path: string;
}

/** The archives of a lock file. @throws Error when a line is not valid */
export function readLock(file: string): readonly Archive[] {
  const lines = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  return lines.map((line) => {
    const [, sha256, bytes, path] = /^([0-9a-f]{64}) (\d+) ([\w.+/-]+\.jar)$/.exec(line) ?? [];
    if (sha256 === undefined || path === undefined)
      throw new Error(`${file}: "${line}" is not a valid line: sha256, bytes and path`);
    return { sha256, bytes: Number(bytes), path };
  });
}

function installation(cache: string, { title, lock, command }: Jars): Installation<JarFolder> {
  const digest = createHash("sha256").update(readFileSync(lock)).digest("hex").slice(0, 8);
  const folder = join(cache, `${title.replaceAll(" ", "-")}-${digest}`);
  return { title, folder, place: { folder }, installer: "https://central.sonatype.com", command };
}

/** @throws Error when it cannot be had, or is not the archive of the lock file */
async function download({ path, sha256, bytes }: Archive, folder: string, repository: string): Promise<void> {
  const file = join(folder, basename(path));
  if (existsSync(file)) return;
  await pRetry(
    async () => {
      const url = new URL(`${repository}/${path}`);
      const answer = await get({ url, headers: () => ({}), signal: AbortSignal.timeout(timeoutMs) });
      if (answer.status !== 200) {
        answer.discard();
        const failure = `${basename(path)}: ${answer.statusText}`;
        throw answer.status >= 500 || answer.status === 429 ? new Error(failure) : new AbortError(failure);
      }
      const hash = createHash("sha256");
      let received = 0;
      const checked = async function* () {
        for await (const chunk of answer.body()) {
          hash.update(chunk);
          received += chunk.length;
          yield chunk;
        }
      };
      await pipeline(checked, createWriteStream(file));
      const found = hash.digest("hex");
      if (found !== sha256)
        throw new Error(
          `${basename(path)}: its sha256 is ${found} (${received} bytes) instead of ${sha256} (${bytes} bytes)`,
        );
    },
    { retries: attempts - 1, minTimeout: 500 },
  );
}
