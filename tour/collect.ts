import type { SampleFile } from "./sample/write";
import type { PeriodInLake } from "./lake";
import type { Check, PeriodReject, PeriodRows, StepBar } from "./report/data";
import { count } from "./report/format";

/** What is known of one period: the file that was made, what the lake says of it, what the warehouse holds now. */
export interface PeriodFacts {
  readonly file: SampleFile;
  readonly lake: PeriodInLake;
  /** Rows counted in the warehouse now. */
  readonly counted: number;
}

export function periodRows(facts: readonly PeriodFacts[]): PeriodRows[] {
  return facts.map(({ lake: { manifest }, counted }) => ({
    period: manifest.period,
    source: manifest.source.rows,
    rejected: manifest.rejects?.rows ?? 0,
    parquet: manifest.parquet.rows,
    warehouse: counted,
    database: manifest.database?.rows ?? null,
    sourceBytes: manifest.source.bytes,
    parquetBytes: manifest.parquet.bytes,
  }));
}

/** Compares what was made with what arrived; nothing is taken from the ingest program's own verdict. */
export function checksOf(facts: readonly PeriodFacts[]): Check[] {
  const check = (name: string, unit: string, sides: (facts: PeriodFacts) => Sides): Check => {
    const compared = facts.map((one) => ({ period: one.lake.manifest.period, sides: sides(one) }));
    const wrong = compared.filter(({ sides: [expected, found] }) => expected !== found);
    const detail =
      wrong.length === 0
        ? `${compared.map(({ sides: [, found] }) => shown(found)).join(" · ")} ${unit}`
        : wrong
            .map(({ period, sides: [a, b] }) => `${period}: ${shown(a)} expected, ${shown(b)} found`)
            .join("; ");
    return { name, holds: wrong.length === 0, detail };
  };
  return [
    check("The bytes that arrived are the bytes that were made", "(sha256)", ({ file, lake }) => [
      file.sha256.slice(0, hashLength),
      lake.manifest.source.sha256.slice(0, hashLength),
    ]),
    check("Every row that was made was read", "rows", ({ file, lake }) => [
      file.rows,
      lake.manifest.source.rows,
    ]),
    check("The rows that were made broken were rejected, and no others", "rows", ({ file, lake }) => [
      file.bad,
      lake.rejects.length,
    ]),
    check("Rows read are rows in Parquet and rejected rows", "rows", ({ lake: { manifest, rejects } }) => [
      manifest.source.rows,
      manifest.parquet.rows + rejects.length,
    ]),
    check("The Parquet files are byte by byte those of their manifests", "(sha256)", ({ lake }) => {
      const sha256 = lake.manifest.parquet.sha256.slice(0, hashLength);
      return [sha256, lake.parquetHolds ? sha256 : "another or none"];
    }),
    check("The warehouse, counted now, holds the rows of Parquet", "rows", ({ lake, counted }) => [
      lake.manifest.parquet.rows,
      counted,
    ]),
    ...(facts.some(({ lake }) => lake.manifest.database !== null)
      ? [
          check("The database, counted by the run, holds them too", "rows", ({ lake: { manifest } }) => [
            manifest.parquet.rows,
            manifest.database?.rows ?? 0,
          ]),
        ]
      : []),
  ];
}

type Sides = readonly [expected: string | number, found: string | number];

const hashLength = 12;

function shown(value: string | number): string {
  return typeof value === "number" ? count(value) : value;
}

/** The steps of each period, by the records its run left. */
export function stepBars(facts: readonly PeriodFacts[]): StepBar[] {
  const manifests = facts.map(({ lake }) => lake.manifest);
  const began = new Map<string, number>();
  for (const { run, steps } of manifests) {
    const starts = steps.map((step) => Date.parse(step.startedAt));
    began.set(run, Math.min(began.get(run) ?? Infinity, ...starts));
  }
  return manifests.flatMap(({ run, period, steps }) =>
    steps.map(({ step, startedAt, seconds }) => ({
      period,
      step,
      start: (Date.parse(startedAt) - (began.get(run) ?? 0)) / 1000,
      seconds,
    })),
  );
}

export function periodRejects(facts: readonly PeriodFacts[]): PeriodReject[] {
  return facts.flatMap(({ lake }) =>
    lake.rejects.map((reject) => ({ period: lake.manifest.period, ...reject })),
  );
}
