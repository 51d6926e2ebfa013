import type { DatasetSpec, Format, Period } from "../../dataset";
import type { CloudClients } from "../cloud/clients";
import type { PostgresDatabase } from "../database/postgres";
import type { Engine } from "../engine/engine";
import type { Lake } from "../lake/lake";
import type { Location } from "../source/location";
import type { Reporter } from "../report/reporter";
import type { BigqueryConversion } from "../warehouse/bigquery-conversion";
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
  /** Memory of the Cloud Run task, in which its files count, in GiB. @default - files are on a disk */
  readonly taskMemoryGib?: number;
}

/** Where a period is written. */
export interface Destinations {
  readonly lake: Lake;
  readonly warehouse: Warehouse;
  /** Converts in BigQuery what a specification wants to be converted there. Undefined on a laptop. */
  readonly conversion: BigqueryConversion | undefined;
  /** Undefined when the run does not load the database. */
  readonly database: PostgresDatabase | undefined;
}
