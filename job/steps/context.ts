import type { DatasetSpec, Period } from "../../dataset";
import type { CloudClients } from "../cloud/clients";
import type { PostgresDatabase } from "../database/postgres";
import type { Engine } from "../engine/engine";
import type { Lake } from "../lake/lake";
import type { Format, Location } from "../source/location";
import type { Reporter } from "../report/reporter";
import type { Warehouse } from "../warehouse/warehouse";

/** What all steps of one period have in common. */
export interface PeriodContext {
  /** ID of the run; recorded in the manifest. */
  readonly run: string;
  readonly spec: DatasetSpec;
  readonly period: Period;
  readonly location: Location;
  readonly format: Format;
  readonly engine: Engine;
  readonly cloud: CloudClients;
  /** Folder for temporary files; deleted at the end of the period. */
  readonly scratch: string;
  readonly reporter: Reporter;
}

/** Where a period is written. */
export interface Destinations {
  readonly lake: Lake;
  readonly warehouse: Warehouse;
  /** Undefined when the run does not load the database. */
  readonly database: PostgresDatabase | undefined;
}
