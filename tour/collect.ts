import type { SampleFile } from "./sample/write";
import type { PeriodInLake } from "./lake";
import type { Check, PeriodReject, PeriodRows, StepBar } from "./report/data";
import { count } from "./report/format";

/** Facts about one period: the generated file, the content of the lake, and the row count of the warehouse. */
export interface PeriodFacts {
  readonly file: SampleFile;
  readonly lake: PeriodInLake;
  /** Rows in the warehouse, counted now. */
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

/** Compares the generated files with the results, independently of the checks in the ingest program. */
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
    check("The ingested files have the checksums of the generated files", "(sha256)", ({ file, lake }) => [
      file.sha256.slice(0, hashLength),
      lake.manifest.source.sha256.slice(0, hashLength),
    ]),
    check("All generated rows were read", "rows", ({ file, lake }) => [file.rows, lake.manifest.source.rows]),
    check("Exactly the invalid rows were rejected", "rows", ({ file, lake }) => [
      file.bad,
      lake.rejects.length,
    ]),
    check("Rows read equal rows in Parquet plus rejected rows", "rows", ({ lake: { manifest, rejects } }) => [
      manifest.source.rows,
      manifest.parquet.rows + rejects.length,
    ]),
    check("The Parquet files have the checksums in their manifests", "(sha256)", ({ lake }) => {
      const sha256 = lake.manifest.parquet.sha256.slice(0, hashLength);
      return [sha256, lake.parquetHolds ? sha256 : "a missing or different file"];
    }),
    check("The warehouse has the rows of the Parquet files (counted now)", "rows", ({ lake, counted }) => [
      lake.manifest.parquet.rows,
      counted,
    ]),
    ...(facts.some(({ lake }) => lake.manifest.database !== null)
      ? [
          check(
            "The database has the rows of the Parquet files (counted by the run)",
            "rows",
            ({ lake: { manifest } }) => [manifest.parquet.rows, manifest.database?.rows ?? 0],
          ),
        ]
      : []),
  ];
}

type Sides = readonly [expected: string | number, found: string | number];

const hashLength = 12;

function shown(value: string | number): string {
  return typeof value === "number" ? count(value) : value;
}

/** The steps of each period, from the manifests. */
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
