import type { DatasetSpec, Period } from "../../catalog/spec";
import type { CloudClients } from "../cloud/clients";
import type { Engine } from "../parquet/engine";
import type { Format, Location } from "../source/location";
import type { Reporter } from "../report/reporter";

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
