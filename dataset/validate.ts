import { Cron } from "croner";
import { ConfigurationError } from "../errors/faults";
import type { DatasetSpec, Percent } from "./dataset";
import { hiveKeys } from "./layout";
import { shareOf } from "./limits";
import { Period } from "./period";
import { type SpecShape, withShape } from "./shape";
import { addressFaults, shownTemplate, templateFaults } from "./source-url";
import { periodColumn, tableColumns } from "./table";

/** The specification of a data set is wrong. */
export function specError(dataset: string, faults: readonly string[]): ConfigurationError {
  return new ConfigurationError(`data set ${dataset}`, faults);
}

/** Longest id: with a day partition's and the staging table's suffix a Postgres name still fits 63 bytes. */
const maxIdLength = 40;
const maxColumnLength = 63;
const maxClusterColumns = 4;
/** BigQuery's limit of a table. */
const maxColumns = 10_000;
/** Prefixes BigQuery keeps for itself, case-insensitively. */
const reservedPrefixes = ["_table_", "_file_", "_partition", "_row_timestamp", "__root__", "_colidentifier"];

/** https://www.postgresql.org/docs/current/ddl-system-columns.html */
const systemColumns = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

/**
 * Checks a whole specification, defaults filled in.
 *
 * @param value anything; only a faultless specification comes back
 * @throws ConfigurationError listing all faults
 */
export function validSpec(value: unknown): DatasetSpec {
  const shaped = withShape(value);
  if ("faults" in shaped) throw specError(shaped.name, shaped.faults);
  const { spec } = shaped;
  const faults = [
    ...idFaults(spec.id),
    ...(spec.description.trim() === "" ? ["description: must not be empty"] : []),
    ...[...addressFaults(spec.source.url), ...templateFaults(spec.source.url, spec.grain)].map(
      (fault) => `source.url: "${shownTemplate(spec.source.url)}" ${fault}`,
    ),
    ...sourceFaults(spec),
    ...periodFaults(spec),
    ...scheduleFaults(spec),
    ...columnFaults(spec),
    ...partitionFaults(spec),
    ...clusterFaults(spec),
    ...badRowsFaults(spec),
    ...shrinkFaults(spec),
  ];
  if (faults.length > 0) throw specError(spec.id, faults);
  return withGrain(spec);
}

/** The specification as one of its grain; the checks have found what that one needs. */
function withGrain(spec: SpecShape): DatasetSpec {
  const { grain, firstPeriod, partition } = spec;
  if (grain === "once") return { ...spec, grain };
  if (firstPeriod !== undefined && partition !== undefined) return { ...spec, grain, firstPeriod, partition };
  throw new TypeError(
    `data set ${spec.id} by ${grain} has passed the checks without firstPeriod or partition`,
  );
}

function idFaults(id: string): string[] {
  const faults: string[] = [];
  if (!/^[a-z][a-z0-9_]*$/.test(id)) {
    faults.push(
      `id: "${id}" must be lower-case letters, digits and underscores, starting with a letter: ` +
        "it names a BigQuery table, a Postgres table and a GCS prefix",
    );
  }
  if (id.endsWith("_"))
    faults.push(`id: "${id}" must not end with an underscore: its Cloud Run job would end with a dash`);
  if (id.length > maxIdLength)
    faults.push(`id: "${id}" has ${id.length} characters, more than ${maxIdLength}`);
  return faults;
}

function sourceFaults({ source }: SpecShape): string[] {
  const faults: string[] = [];
  if (source.format === "parquet" && source.compression !== "none") {
    faults.push("source.compression: a Parquet file is compressed inside; leave it out");
  }
  for (const [field, text] of Object.entries({ delimiter: source.delimiter, quote: source.quote })) {
    // The engine compares bytes, and line breaks end a record whatever else they are.
    if (text.length !== 1 || text > "\x7f" || "\0\r\n".includes(text)) {
      faults.push(
        `source.${field}: ${JSON.stringify(text)} must be one character of ASCII, and no line break`,
      );
    }
  }
  if (source.format === "csv") faults.push(...nullValueFaults(source));
  if (source.delimiter === source.quote) faults.push("source.quote: must differ from source.delimiter");
  return faults;
}

function nullValueFaults({ nullValues, delimiter, quote }: SpecShape["source"]): string[] {
  const barred = [delimiter, quote, "\r", "\n", "\0"];
  return nullValues
    .filter((text) => barred.some((character) => text.includes(character)))
    .map(
      (text) =>
        `source.nullValues: ${JSON.stringify(text)} must not hold the delimiter, the quote, a line break or NUL; ` +
        "quotes around a field are not part of it",
    );
}

function periodFaults({ grain, firstPeriod, lastPeriod }: SpecShape): string[] {
  if (grain === "once") {
    return Object.entries({ firstPeriod, lastPeriod })
      .filter(([, text]) => text !== undefined)
      .map(([field]) => `${field}: a data set ingested whole has no periods; leave it out`);
  }
  if (firstPeriod === undefined)
    return [`firstPeriod: is missing; a data set by ${grain} needs its first period`];
  const faults = Object.entries({ firstPeriod, lastPeriod }).flatMap(([field, text]) => {
    if (text === undefined) return [];
    const fault = faultOf(() => Period.parse(grain, text));
    return fault === undefined ? [] : [`${field}: ${fault}`];
  });
  if (faults.length > 0 || lastPeriod === undefined) return faults;
  return Period.parse(grain, lastPeriod).isBefore(Period.parse(grain, firstPeriod))
    ? [`lastPeriod: ${lastPeriod} is before firstPeriod ${firstPeriod}`]
    : [];
}

function scheduleFaults({ schedule }: SpecShape): string[] {
  if (schedule === undefined) return [];
  const faults = countFaults("schedule.periodsBehind", schedule.periodsBehind);
  // Cloud Scheduler takes the five fields of Unix cron; croner would also read seconds and years.
  if (schedule.cron.trim().split(/\s+/).length !== 5) {
    faults.push(
      `schedule.cron: "${schedule.cron}" must have five fields: minute hour day-of-month month day-of-week`,
    );
  } else {
    const fault = faultOf(() => new Cron(schedule.cron, { paused: true }));
    if (fault !== undefined) faults.push(`schedule.cron: "${schedule.cron}" is no cron expression: ${fault}`);
  }
  if (faultOf(() => new Intl.DateTimeFormat("en", { timeZone: schedule.timeZone })) !== undefined) {
    faults.push(`schedule.timeZone: "${schedule.timeZone}" is not a time zone; write it as America/New_York`);
  }
  return faults;
}

function columnFaults(spec: SpecShape): string[] {
  const faults = spec.columns.length === 0 ? ["columns: must not be empty"] : [];
  if (spec.columns.length > maxColumns)
    faults.push(`columns: ${spec.columns.length} are more than the ${maxColumns} BigQuery allows`);
  const folders: readonly string[] = hiveKeys(spec.grain);
  const owners = new Map<string, string>();
  spec.columns.forEach(({ name, aliases, mode, optional, description }) => {
    const field = `columns.${name}`;
    if (description.trim() === "") faults.push(`${field}.description: must not be empty`);
    const lower = name.toLowerCase();
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      faults.push(`${field}: must be letters, digits and underscores, not starting with a digit`);
    }
    if (name.length > maxColumnLength)
      faults.push(`${field}: has ${name.length} characters, more than ${maxColumnLength}`);
    if (reservedPrefixes.some((prefix) => lower.startsWith(prefix))) {
      faults.push(`${field}: BigQuery keeps names with this prefix for itself`);
    }
    if (systemColumns.includes(lower)) {
      faults.push(`${field}: every table of Postgres has a system column of this name`);
    }
    if (lower === periodColumn.name) faults.push(`${field}: the platform adds this column itself`);
    if (folders.includes(lower)) {
      faults.push(
        `${field}: is also a folder of the lake (${lower}=...), which external tables read as a column`,
      );
    }
    if (optional && mode === "REQUIRED") faults.push(`${field}: cannot be both optional and REQUIRED`);
    // Warehouse and database compare names without case, so two columns may not differ by case alone.
    const names = new Set([name, ...aliases].map((text) => text.toLowerCase()));
    for (const text of names) {
      const owner = owners.get(text);
      if (owner !== undefined) {
        faults.push(
          owner.toLowerCase() === lower
            ? `${field}: is there twice (names are compared without case)`
            : `${field}: the header "${text}" already means ${owner}`,
        );
      }
      owners.set(text, name);
    }
  });
  return faults;
}

function partitionFaults(spec: SpecShape): string[] {
  if (spec.partition === undefined) {
    return spec.grain === "once" ? [] : [`partition: is missing; a data set by ${spec.grain} is partitioned`];
  }
  const { column: name, granularity } = spec.partition;
  const found = tableColumns(spec).find((candidate) => candidate.name === name);
  if (found === undefined) return [unknownColumn("partition.column", name, spec)];
  if (!["DATE", "DATETIME", "TIMESTAMP"].includes(found.type)) {
    return [`partition.column: ${name} is ${found.type}; a partition needs DATE, DATETIME or TIMESTAMP`];
  }
  if (name === periodColumn.name && granularity !== spec.grain) {
    return [
      `partition.granularity: ${granularity} differs from the grain ${spec.grain}; a period is one partition`,
    ];
  }
  return [];
}

function clusterFaults(spec: SpecShape): string[] {
  const faults = spec.cluster.flatMap((name, index) => {
    const found = tableColumns(spec).find((candidate) => candidate.name === name);
    if (found === undefined) return [unknownColumn("cluster", name, spec)];
    if (found.type === "FLOAT") return [`cluster: ${name} is FLOAT, which BigQuery cannot cluster by`];
    return spec.cluster.indexOf(name) < index ? [`cluster: ${name} is there twice`] : [];
  });
  if (spec.cluster.length > maxClusterColumns) {
    faults.push(
      `cluster: ${spec.cluster.length} columns, more than the ${maxClusterColumns} BigQuery allows`,
    );
  }
  return faults;
}

function badRowsFaults({ badRows }: SpecShape): string[] {
  if (badRows.action === "fail") return [];
  return typeof badRows.limit === "number"
    ? countFaults("badRows.limit", badRows.limit)
    : percentFaults("badRows.limit", badRows.limit);
}

function shrinkFaults({ shrink }: SpecShape): string[] {
  if (shrink?.action !== "fail") return [];
  return Object.entries({ ofBefore: shrink.ofBefore, ofNeighbors: shrink.ofNeighbors }).flatMap(
    ([field, percent]) => (percent === undefined ? [] : percentFaults(`shrink.${field}`, percent)),
  );
}

function percentFaults(field: string, percent: Percent): string[] {
  const share = shareOf(percent);
  return share >= 0 && share <= 1 ? [] : [`${field}: ${percent} must be from 0% to 100%`];
}

function countFaults(field: string, value: number): string[] {
  return Number.isInteger(value) && value >= 0
    ? []
    : [`${field}: ${value} must be a whole number, 0 or more`];
}

function unknownColumn(field: string, name: string, spec: SpecShape): string {
  const names = tableColumns(spec).map((candidate) => candidate.name);
  return `${field}: there is no column "${name}"; there are ${names.join(", ")}`;
}

function faultOf(attempt: () => unknown): string | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
