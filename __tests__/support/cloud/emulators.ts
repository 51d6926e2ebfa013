import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cache } from "../../../programs/cache";
import { findFakeGcsServer } from "../../../checks/emulators/fake-gcs-server";
import { findLocalBigQuery } from "../../../checks/emulators/local-bigquery";
import { type Background, startBackground } from "./background";
import { freePort } from "./listening";

/** Emulators of Cloud Storage and BigQuery, initially empty. BigQuery loads `gs://` URLs from this Cloud Storage. */
export interface Emulators {
  /** `http://127.0.0.1:<port>`: the `apiEndpoint` of the Storage client. */
  readonly storage: string;
  /** `http://127.0.0.1:<port>`: the target of a front. */
  readonly bigQuery: string;
  /** The last output of both, to find the cause of a status 500. */
  log(): string;
  /** Stops both and removes their data. */
  stop(): Promise<void>;
}

/** Why the emulators are not available, or undefined. */
export function missingEmulators(): string | undefined {
  const missing = [findFakeGcsServer(cache), findLocalBigQuery(cache)].flatMap((emulator) =>
    emulator.kind === "missing" ? [emulator.reason] : [],
  );
  return missing.length === 0 ? undefined : missing.join("; ");
}

/** @throws Error when an emulator does not start or is not installed: call missingEmulators first */
export async function startEmulators(): Promise<Emulators> {
  const folder = mkdtempSync(join(tmpdir(), "tributary-emulators-"));
  const started: Background[] = [];
  const stop = async () => {
    await Promise.all(started.map((emulator) => emulator.stop()));
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const storage = await startStorage();
    started.push(storage);
    const bigQuery = await startBigQuery(folder, storage.announced);
    started.push(bigQuery);
    return {
      storage: storage.announced,
      bigQuery: bigQuery.announced,
      log: () => started.map((emulator) => emulator.log()).join("\n"),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Requires a port, because its responses contain it. Retries with another one if the port is in use by then. */
async function startStorage(attempts = 5): Promise<Background> {
  const found = findFakeGcsServer(cache);
  if (found.kind === "missing") throw new Error(found.reason);
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const options =
    `-backend memory -scheme http -host 127.0.0.1 -port ${port} ` +
    `-external-url http://${address} -public-host ${address} -location EU`;
  try {
    return await startBackground(found.place.program, options.split(" "), {
      env: {},
      ready: /server started at (\S+?)"/,
    });
  } catch (error) {
    if (attempts === 1 || !String(error).includes("address already in use")) throw error;
    return startStorage(attempts - 1);
  }
}

function startBigQuery(folder: string, storage: string): Promise<Background> {
  const found = findLocalBigQuery(cache);
  if (found.kind === "missing") throw new Error(found.reason);
  const options = [
    "--host",
    "127.0.0.1",
    "--port",
    "0",
    "--grpc-port",
    "0",
    "--data-dir",
    join(folder, "data"),
  ];
  return startBackground(found.place.program, options, {
    // A minimal environment, because the emulator reads settings from it.
    env: { HOME: found.place.home, TMPDIR: folder, STORAGE_EMULATOR_HOST: storage },
    ready: /Uvicorn running on (http:\S+)/,
  });
}
