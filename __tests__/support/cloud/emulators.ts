import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cache } from "../../../checks/cache";
import { findFakeGcsServer } from "../../../checks/emulators/fake-gcs-server";
import { findLocalBigQuery } from "../../../checks/emulators/local-bigquery";
import { type Background, startBackground } from "./background";
import { freePort } from "./listening";

/** Cloud Storage and BigQuery on this machine, empty; what BigQuery loads from `gs://` is in this Cloud Storage. */
export interface Emulators {
  /** `http://127.0.0.1:<port>`: the `apiEndpoint` of the Storage client. */
  readonly storage: string;
  /** `http://127.0.0.1:<port>`: what a front stands before. */
  readonly bigQuery: string;
  /** What both wrote last: for a look at why one answered 500. */
  log(): string;
  /** Ends both and removes what they stored. */
  stop(): Promise<void>;
}

/** Why there are no emulators to test against, or undefined. */
export function missingEmulators(): string | undefined {
  const missing = [findFakeGcsServer(cache), findLocalBigQuery(cache)].flatMap((emulator) =>
    emulator.kind === "missing" ? [emulator.reason] : [],
  );
  return missing.length === 0 ? undefined : missing.join("; ");
}

/** @throws Error when one is not installed: ask missingEmulators first; or does not start */
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
    const bigQuery = await startBigQuery(folder, storage.said);
    started.push(bigQuery);
    return {
      storage: storage.said,
      bigQuery: bigQuery.said,
      log: () => started.map((emulator) => emulator.log()).join("\n"),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** It must be told its port, which it puts into its answers: where somebody else has just taken it, another one. */
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
    // Nothing of whoever runs it: it takes its settings from the environment.
    env: { HOME: found.place.home, TMPDIR: folder, STORAGE_EMULATOR_HOST: storage },
    ready: /Uvicorn running on (http:\S+)/,
  });
}
