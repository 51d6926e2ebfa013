/** Everything the dashboard shows; embedded in the page as JSON. */
export interface DashboardData {
  /** ISO date and time. */
  readonly writtenAt: string;
  /** Where the numbers are from: `.tributary/warehouse.duckdb`, `BigQuery project my-project`. */
  readonly from: string;
  readonly days: readonly DayTrips[];
  readonly months: readonly MonthRevenue[];
  readonly zones: readonly ZoneTrips[];
  readonly leftOut: readonly LeftOut[];
  readonly freshness: readonly Freshness[];
  /** @default - the artifacts of dbt are not at hand */
  readonly lineage?: Lineage;
}

/** Trips of a service on a day. Days of meters with a wrong clock are among them. */
export interface DayTrips {
  readonly day: string;
  readonly service: string;
  readonly trips: number;
}

export interface MonthRevenue {
  /** First day of the month. */
  readonly month: string;
  readonly service: string;
  readonly trips: number;
  readonly revenue: number;
}

/** Trips that started in a zone in a month, of all services. */
export interface ZoneTrips {
  readonly zone: string;
  readonly month: string;
  readonly trips: number;
}

export interface LeftOut {
  readonly service: string;
  readonly rule: string;
  readonly trips: number;
}

/** Periods of a service in core. */
export interface Freshness {
  readonly service: string;
  readonly first: string;
  readonly last: string;
  readonly periods: number;
}

/** The models, and the tests of the last run. */
export interface Lineage {
  readonly nodes: readonly LineageNode[];
  readonly passed: number;
  readonly failed: number;
}

export interface LineageNode {
  readonly name: string;
  readonly layer: "core" | "raw" | "staging";
  /** Names of the nodes it reads. */
  readonly reads: readonly string[];
  /** Tests of the last run. */
  readonly tests: { readonly passed: number; readonly failed: number };
}
