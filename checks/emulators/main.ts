/**
 * `npm run emulators`: installs the emulators of Cloud Storage, BigQuery and S3 that the tests of the ingest job run
 * against, once, into the cache. Where one is not to be had, those tests are skipped.
 */
import { cache } from "../cache";
import { columns } from "../columns";
import { conclude } from "../verdict";
import { findFakeGcsServer, installFakeGcsServer } from "./fake-gcs-server";
import { findLocalBigQuery, installLocalBigQuery } from "./local-bigquery";
import { findMoto, installMoto } from "./moto";

void conclude(async () => {
  if (
    [findFakeGcsServer(cache), findLocalBigQuery(cache), findMoto(cache)].some(
      ({ kind }) => kind === "missing",
    )
  )
    process.stdout.write("Installing, once: this takes about two minutes.\n\n");
  const emulators = await Promise.all([
    installFakeGcsServer(cache),
    installLocalBigQuery(cache),
    installMoto(cache),
  ]);
  const rows = emulators.map((emulator) => [
    emulator.title,
    emulator.kind === "there" ? "ready" : `missing: ${emulator.reason}`,
  ]);
  process.stdout.write(`${columns(rows)}\n\n`);
  return emulators.map(({ kind }) => (kind === "there" ? "passed" : "skipped"));
});
