/**
 * `npm run emulators`: installs the emulators of Cloud Storage, BigQuery and S3 for the tests of the ingest job into the
 * cache. If one is not available, those tests are skipped.
 */
import { cache } from "../../programs/cache";
import { columns } from "../columns";
import { conclude } from "../verdict";
import { findFakeGcsServer, installFakeGcsServer } from "./fake-gcs-server";
import { findLocalBigQuery, installLocalBigQuery } from "./local-bigquery";
import { findMoto, installMoto } from "./moto";

void conclude(async () => {
  const found = [findFakeGcsServer(cache), findLocalBigQuery(cache), findMoto(cache)];
  if (found.some(({ kind }) => kind === "missing"))
    process.stdout.write("Installing the emulators. This takes about two minutes and is done once.\n\n");
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
