/**
 * `npm run emulators`: installs the emulators of Cloud Storage, BigQuery and S3, and dbt, Airflow, Spark and Kafka into the
 * cache, for the tests of the ingest job, the transformation, the DAGs and the stream. If one is not available, those tests
 * are skipped.
 */
import { airflowPackages } from "../../airflow/driver/environment";
import { cache } from "../../programs/cache";
import { columns } from "../columns";
import { conclude } from "../verdict";
import { findPython, installPython } from "../../programs/python";
import { findSpark, installSpark, sparkPackages } from "../../spark/driver/environment";
import { findJars, installJars } from "../../streaming/install/jars";
import { connectorJars, kafkaJars } from "../../streaming/install/kafka";
import { dbtPackages } from "../../transform/driver/environment";
import { dbtBigQuery } from "./dbt-bigquery";
import { findFakeGcsServer, installFakeGcsServer } from "./fake-gcs-server";
import { findLocalBigQuery, installLocalBigQuery } from "./local-bigquery";
import { findMoto, installMoto } from "./moto";

void conclude(async () => {
  const found = [
    findFakeGcsServer(cache),
    findLocalBigQuery(cache),
    findMoto(cache),
    findPython(cache, dbtBigQuery),
    findPython(cache, dbtPackages),
    findSpark(),
    findJars(cache, kafkaJars),
    findJars(cache, connectorJars),
    findPython(cache, airflowPackages),
  ];
  if (found.some(({ kind }) => kind === "missing"))
    process.stdout.write("Installing the emulators. This takes about three minutes and is done once.\n\n");
  const emulators = await Promise.all([
    installFakeGcsServer(cache),
    installLocalBigQuery(cache),
    installMoto(cache),
    installPython(cache, dbtBigQuery),
    installPython(cache, dbtPackages),
    installSpark().then((found) => ({ ...found, title: sparkPackages.title })),
    installJars(cache, kafkaJars),
    installJars(cache, connectorJars),
    installPython(cache, airflowPackages),
  ]);
  const rows = emulators.map((emulator) => [
    emulator.title,
    emulator.kind === "there" ? "ready" : `missing: ${emulator.reason}`,
  ]);
  process.stdout.write(`${columns(rows)}\n\n`);
  return emulators.map(({ kind }) => (kind === "there" ? "passed" : "skipped"));
});
