import type { Reject, StepName } from "../../job/records";
import type { Answers } from "../questions";

/** Everything the report shows; embedded in the page as JSON. */
export interface ReportData {
  /** ISO date and time. */
  readonly writtenAt: string;
  readonly checks: readonly Check[];
  readonly periods: readonly PeriodRows[];
  readonly steps: readonly StepBar[];
  readonly answers: Answers;
  /** The queries behind the answers. */
  readonly questions: Readonly<Record<keyof Answers, string>>;
  readonly rejects: readonly PeriodReject[];
  readonly places: readonly Place[];
  readonly next: readonly NextStep[];
}

/** A check and its result. */
export interface Check {
  readonly name: string;
  readonly holds: boolean;
  /** The compared values as text. */
  readonly detail: string;
}

/** Row counts of one period, from the source to the tables. */
export interface PeriodRows {
  readonly period: string;
  readonly source: number;
  readonly rejected: number;
  readonly parquet: number;
  readonly warehouse: number;
  /** Null if the run did not load the database. */
  readonly database: number | null;
  readonly sourceBytes: number;
  readonly parquetBytes: number;
}

/** One step of one period, in seconds since the start of the run. */
export interface StepBar {
  readonly period: string;
  readonly step: StepName;
  readonly start: number;
  readonly seconds: number;
}

export interface PeriodReject extends Reject {
  readonly period: string;
}

/** Location of a result on this machine. */
export interface Place {
  readonly what: string;
  readonly path: string;
  /** Link relative to the report. @default - no link */
  readonly link?: string;
}

/** A suggested next step and its command. */
export interface NextStep {
  readonly what: string;
  readonly command: string;
}
