import type { DatasetSpec, Format, Period } from "../../dataset";
import type { CloudClients } from "../cloud/clients";
import type { PostgresDatabase } from "../database/postgres";
import type { Engine } from "../engine/engine";
import type { Lake } from "../lake/lake";
import type { Location } from "../source/location";
import type { Reporter } from "../report/reporter";
import type { Warehouse } from "../warehouse/warehouse";

/** What all steps of one period need to know. */
export interface PeriodContext {
  /** Names the command that is running; kept in the manifest. */
  readonly run: string;
  readonly spec: DatasetSpec;
  readonly period: Period;
  readonly location: Location;
  readonly format: Format;
  readonly engine: Engine;
  readonly cloud: CloudClients;
  /** Folder for what is not finished; gone when the period is done. */
  readonly scratch: string;
  readonly reporter: Reporter;
}

/** Where a period goes. */
export interface Destinations {
  readonly lake: Lake;
  readonly warehouse: Warehouse;
  /** Undefined when the run leaves the database out. */
  readonly database: PostgresDatabase | undefined;
}
