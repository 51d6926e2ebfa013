import type { CloudSettings, CloudSqlSettings, DatasetSpec } from "../dataset";
import type { Cleanups } from "./cleanups";
import type { CloudClients } from "./cloud/clients";
import { cloudSqlServer } from "./database/cloud-sql";
import { serverAt, type Server } from "./database/connection";
import { startEmbeddedPostgres } from "../embedded-postgres";
import { PostgresDatabase } from "./database/postgres";
import type { Home } from "./home";
import { BucketLake } from "./lake/bucket-lake";
import { FolderLake } from "./lake/folder-lake";
import type { Engine } from "./engine/engine";
import type { Destinations } from "./steps/context";
import { BigqueryConversion } from "./warehouse/bigquery-conversion";
import { BigqueryWarehouse } from "./warehouse/bigquery-warehouse";
import { DuckdbWarehouse } from "./warehouse/duckdb-warehouse";

/** Where a run writes. */
export interface DestinationRequest {
  /** Folder of lake, warehouse and database; in the cloud, only of temporary files. */
  readonly home: Home;
  /** Bucket and BigQuery dataset. @default - a folder and a DuckDB file below the home */
  readonly cloud?: CloudSettings;
  readonly database: DatabaseRequest;
  /** Whether tables whose columns have other types are dropped, with all their periods, and recreated. */
  readonly replaceTables: boolean;
}

/** The embedded Postgres of the home, a Postgres at a URL, Cloud SQL, or none. */
export type DatabaseRequest =
  | { readonly kind: "embedded" }
  | { readonly kind: "url"; readonly url: string }
  | { readonly kind: "cloud-sql"; readonly settings: CloudSqlSettings }
  | { readonly kind: "none" };

/**
 * Connects to all destinations before the run writes anything, so that an unavailable one does not stop it halfway.
 *
 * @param cleanups receives the cleanups of the connections
 */
export async function openDestinations(
  request: DestinationRequest,
  engine: Engine,
  cloud: CloudClients,
  cleanups: Cleanups,
): Promise<Destinations> {
  const places = await openLakeAndWarehouse(request, engine, cloud);
  const server = await openServer(request, cloud, cleanups);
  if (server === undefined) return { ...places, database: undefined };
  const database = await PostgresDatabase.connect(server, request.replaceTables);
  cleanups.add(() => database.close());
  return { ...places, database };
}

/**
 * Checks that a data set can be loaded into all destinations. It writes nothing.
 *
 * @throws Failure drift or permanent with the reason and what to do
 */
export async function checkDestinations(
  { warehouse, database }: Destinations,
  spec: DatasetSpec,
): Promise<void> {
  await warehouse.check(spec);
  await database?.check(spec);
}

async function openLakeAndWarehouse(
  { home, cloud: settings, replaceTables }: DestinationRequest,
  engine: Engine,
  cloud: CloudClients,
): Promise<Omit<Destinations, "database">> {
  if (settings === undefined) {
    const warehouse = new DuckdbWarehouse(engine, replaceTables);
    return { lake: new FolderLake(home.lake), warehouse, conversion: undefined };
  }
  const lake = await BucketLake.open(await cloud.storage(), settings.bucket);
  const client = await cloud.bigquery(settings.warehouse.project);
  return {
    lake,
    warehouse: new BigqueryWarehouse(client, settings.warehouse, lake, engine),
    conversion: new BigqueryConversion(client, settings.warehouse, lake),
  };
}

async function openServer(
  { database, home }: DestinationRequest,
  cloud: CloudClients,
  cleanups: Cleanups,
): Promise<Server | undefined> {
  switch (database.kind) {
    case "none":
      return undefined;
    case "url":
      return serverAt(database.url);
    case "cloud-sql": {
      const connector = await cloud.cloudSql();
      cleanups.add(() => {
        connector.close();
      });
      return cloudSqlServer(connector, database.settings);
    }
    case "embedded": {
      const starting = startEmbeddedPostgres(home.database);
      // Add the cleanup before the server runs: a signal during the start must stop it, too.
      cleanups.add(async () => (await starting.catch(() => undefined))?.stop());
      return serverAt((await starting).url);
    }
  }
}
