import { Cron } from "croner";
import { ConfigurationError } from "../errors/faults";
import type { DatasetSpec, Percent } from "./dataset";
import { hiveKeys } from "./layout";
import { shareOf } from "./limits";
import { grainRules } from "./grain";
import { Period } from "./period";
import { isShorthand, shorthands } from "./schedule-time";
import { type SpecShape, parseShape } from "./shape";
import { policyTagFaults, rowAccessFaults } from "./policies";
import { addressFaults, shownTemplate, templateFaults } from "./source-url";
import { extraColumn, periodColumn, tableColumns } from "./table";
import { formFaults, ignoreFaults, isTimeZone, plainFaults, textFaults } from "./text-rules";

/** Error for a specification that is not valid. */
export function specError(dataset: string, faults: readonly string[]): ConfigurationError {
  return new ConfigurationError(`data set ${dataset}`, faults);
}

/** With the suffixes of a day partition and a staging table, a Postgres name is still within 63 bytes. */
const maxIdLength = 40;
const maxColumnLength = 63;
const maxClusterColumns = 4;
/** Maximum number of columns of a BigQuery table. */
const maxColumns = 10_000;
/** Prefixes that BigQuery reserves, case-insensitive. */
const reservedPrefixes = ["_table_", "_file_", "_partition", "_row_timestamp", "__root__", "_colidentifier"];

/** https://www.postgresql.org/docs/current/ddl-system-columns.html */
const systemColumns = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

/**
 * Validates a complete specification, with defaults applied.
 *
 * @param value any value
 * @returns the specification
 * @throws ConfigurationError listing all faults
 */
export function validSpec(value: unknown): DatasetSpec {
  const shaped = parseShape(value);
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
    ...sizeFaults(spec),
    ...engineFaults(spec),
    ...policyTagFaults(spec),
    ...rowAccessFaults(spec),
  ];
  if (faults.length > 0) throw specError(spec.id, faults);
  return withGrain(spec);
}

/** Narrows the specification to its grain. The required fields were checked before. */
function withGrain(spec: SpecShape): DatasetSpec {
  const { grain, firstPeriod, partition } = spec;
  if (grain === "once") return { ...spec, grain };
  if (firstPeriod !== undefined && partition !== undefined) return { ...spec, grain, firstPeriod, partition };
  throw new TypeError(
    `data set ${spec.id} with the grain ${grain} passed validation without firstPeriod or partition`,
  );
}

function idFaults(id: string): string[] {
  const faults: string[] = [];
  if (!/^[a-z][a-z0-9_]*$/.test(id)) {
    faults.push(
      `id: "${id}" must contain only lowercase letters, digits and underscores, and start with a letter: ` +
        "it is the name of a BigQuery table, a Postgres table and a Cloud Storage prefix",
    );
  }
  if (id.endsWith("_"))
    faults.push(
      `id: "${id}" must not end with an underscore: the name of its transfer job would end with a hyphen`,
    );
  if (id.length > maxIdLength)
    faults.push(`id: "${id}" has ${id.length} characters; the maximum is ${maxIdLength}`);
  return faults;
}

function sourceFaults({ source, columns }: SpecShape): string[] {
  const faults: string[] = [];
  if (source.format === "parquet" && source.compression !== "none") {
    faults.push("source.compression: Parquet files are compressed internally; remove this field");
  }
  for (const [field, text] of Object.entries({ delimiter: source.delimiter, quote: source.quote })) {
    // The engine compares bytes, and a line break always ends a record.
    if (!/^(?![\0\r\n])\p{ASCII}$/u.test(text)) {
      faults.push(
        `source.${field}: ${JSON.stringify(text)} must be a single ASCII character other than a line break`,
      );
    }
  }
  if (source.format === "csv") faults.push(...nullValueFaults(source));
  faults.push(
    ...textFaults(source),
    ...ignoreFaults(source, columns),
    ...columns.flatMap((one) => formFaults(one, source)),
  );
  if (source.delimiter === source.quote) faults.push("source.quote: must differ from source.delimiter");
  return faults;
}

function nullValueFaults({ nullValues, delimiter, quote }: SpecShape["source"]): string[] {
  const barred = [delimiter, quote, "\r", "\n", "\0"];
  return nullValues
    .filter((text) => barred.some((character) => text.includes(character)))
    .map(
      (text) =>
        `source.nullValues: ${JSON.stringify(text)} must not contain the delimiter, the quote, a line break or NUL; ` +
        "quotes around a field are not part of it",
    );
}

function periodFaults({ grain, firstPeriod, lastPeriod }: SpecShape): string[] {
  if (grain === "once") {
    return Object.entries({ firstPeriod, lastPeriod })
      .filter(([, text]) => text !== undefined)
      .map(([field]) => `${field}: a data set with the grain once has no periods; remove this field`);
  }
  if (firstPeriod === undefined)
    return [`firstPeriod: is missing; a data set with the grain ${grain} requires a first period`];
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
  // Cloud Scheduler accepts the five fields of Unix cron; croner would also accept seconds and years.
  if (isShorthand(schedule.cron)) {
    // The stacks replace it with a cron expression.
  } else if (schedule.cron.trim().split(/\s+/).length !== 5) {
    faults.push(
      `schedule.cron: "${schedule.cron}" must have five fields: minute hour day-of-month month day-of-week; or be ${shorthands.join(", ")}`,
    );
  } else {
    const fault = faultOf(() => new Cron(schedule.cron, { paused: true }));
    if (fault !== undefined)
      faults.push(`schedule.cron: "${schedule.cron}" is not a valid cron expression: ${fault}`);
    else if (new Cron(schedule.cron, { paused: true }).nextRun() === null)
      faults.push(`schedule.cron: "${schedule.cron}" never occurs`);
  }
  if (!isTimeZone(schedule.timeZone)) {
    faults.push(
      `schedule.timeZone: "${schedule.timeZone}" is not a valid time zone; use an IANA name such as America/New_York`,
    );
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
      faults.push(`${field}: must contain only letters, digits and underscores, and not start with a digit`);
    }
    if (name.length > maxColumnLength)
      faults.push(`${field}: has ${name.length} characters; the maximum is ${maxColumnLength}`);
    if (reservedPrefixes.some((prefix) => lower.startsWith(prefix))) {
      faults.push(`${field}: BigQuery reserves names with this prefix`);
    }
    if (systemColumns.includes(lower)) {
      faults.push(`${field}: Postgres reserves this name for a system column`);
    }
    if (lower === periodColumn.name || lower === extraColumn.name)
      faults.push(`${field}: is a reserved name; the platform adds this column`);
    if (folders.includes(lower)) {
      faults.push(
        `${field}: conflicts with a folder of the lake (${lower}=...), which external tables read as a column`,
      );
    }
    if (optional && mode === "REQUIRED") faults.push(`${field}: cannot be both optional and REQUIRED`);
    // Column names are case-insensitive in the warehouse and the database.
    const names = new Set([name, ...aliases].map((text) => text.toLowerCase()));
    for (const text of names) {
      const owner = owners.get(text);
      if (owner !== undefined) {
        faults.push(
          owner.toLowerCase() === lower
            ? `${field}: is defined twice (names are case-insensitive)`
            : `${field}: the header "${text}" already maps to the column ${owner}`,
        );
      }
      owners.set(text, name);
    }
  });
  return faults;
}

function partitionFaults(spec: SpecShape): string[] {
  if (spec.partition === undefined) {
    return spec.grain === "once"
      ? []
      : [`partition: is missing; a data set with the grain ${spec.grain} must be partitioned`];
  }
  const { column: name, granularity } = spec.partition;
  const found = tableColumns(spec).find((candidate) => candidate.name === name);
  if (found === undefined) return [unknownColumn("partition.column", name, spec)];
  if (!["DATE", "DATETIME", "TIMESTAMP"].includes(found.type)) {
    return [
      `partition.column: ${name} is ${found.type}; a partition column must be DATE, DATETIME or TIMESTAMP`,
    ];
  }
  if (name !== periodColumn.name || spec.grain === "once") return [];
  const required = grainRules[spec.grain].granularity;
  if (granularity !== required) {
    return [
      `partition.granularity: ${granularity} does not fit the grain ${spec.grain}, which requires ${required}: ` +
        "a period must be exactly one partition",
    ];
  }
  return [];
}

function clusterFaults(spec: SpecShape): string[] {
  const faults = spec.cluster.flatMap((name, index) => {
    const found = tableColumns(spec).find((candidate) => candidate.name === name);
    if (found === undefined) return [unknownColumn("cluster", name, spec)];
    if (found.type === "FLOAT") return [`cluster: ${name} is FLOAT; BigQuery cannot cluster by this type`];
    return spec.cluster.indexOf(name) < index ? [`cluster: ${name} is listed twice`] : [];
  });
  if (spec.cluster.length > maxClusterColumns) {
    faults.push(`cluster: has ${spec.cluster.length} columns; BigQuery allows at most ${maxClusterColumns}`);
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

function sizeFaults({ size }: SpecShape): string[] {
  return size === undefined || /^[a-z][a-z0-9]{0,15}$/.test(size)
    ? []
    : [`size: "${size}" must have at most 16 lowercase letters and digits, and start with a letter`];
}

function engineFaults(spec: SpecShape): string[] {
  const { engine = "duckdb", source } = spec;
  switch (engine) {
    case "duckdb":
      return [];
    case "bigquery":
      return source.format === "csv"
        ? plainFaults(spec)
        : [
            `engine: bigquery converts csv, but source.format is ${source.format}; set engine to "duckdb", which needs ` +
              "twice the size of the file as memory of a task (size)",
          ];
  }
}

function percentFaults(field: string, percent: Percent): string[] {
  const share = shareOf(percent);
  return share >= 0 && share <= 1 ? [] : [`${field}: ${percent} must be from 0% to 100%`];
}

function countFaults(field: string, value: number): string[] {
  return Number.isInteger(value) && value >= 0 ? [] : [`${field}: ${value} must be a non-negative integer`];
}

function unknownColumn(field: string, name: string, spec: SpecShape): string {
  const names = tableColumns(spec).map((candidate) => candidate.name);
  return `${field}: column "${name}" does not exist; available columns: ${names.join(", ")}`;
}

function faultOf(attempt: () => unknown): string | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
