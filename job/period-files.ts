import { parquetPath, rejectsPath } from "../dataset";
import { checkRowSizes } from "./database/row-size";
import type { Lake } from "./lake/lake";
import { removeSuccess } from "./lake/manifest";
import type { Manifest, RejectedRule } from "./records";
import type { CsvContent, Extracted, ParquetContent } from "./source/extracted";
import type { Destinations, PeriodContext } from "./steps/context";
import { convertedInBigquery } from "./staged-period-files";
import { lakeFileOf } from "./steps/lake-file";
import { parquetize } from "./steps/parquetize";
import { publish, recordOf, type Published } from "./steps/publish";
import { checkShrink } from "./steps/shrink";
import { readSource } from "./steps/source-reading";
import type { Steps } from "./steps/timing";
import type { LakeFile } from "./warehouse/warehouse";

/** A period's files, in the lake or on their way there. */
export interface PeriodFiles {
  readonly files: Published;
  /** The Parquet file, to load tables from and to compare them with. */
  readonly lakeFile: LakeFile;
  /**
   * Resolves when the lake contains the files and the period's success marker is removed. Rejects when the files do not
   * get there: then nothing that was loaded from them may appear.
   */
  readonly published: () => Promise<void>;
  /** The number of rows that this run rejected, by reason. */
  readonly rules: readonly RejectedRule[];
}

/** The files of a source that is unchanged since the last run. */
export function alreadyPublished(
  context: PeriodContext,
  lake: Lake,
  held: Manifest | undefined,
  steps: Steps,
): PeriodFiles {
  if (held === undefined) throw new TypeError("the source is unchanged, but there is no manifest");
  steps.skip("parquetize", "already converted");
  steps.skip("publish", "already in the lake");
  const { source, parquet, rejects } = held;
  const reopen = async () => {
    await removeSuccess(lake, context.spec.id, context.period);
    await lake.confirm(parquet.path);
  };
  let reopened: Promise<void> | undefined;
  return {
    files: { source, parquet, rejects },
    lakeFile: lakeFileOf(context, () => lake.local(parquet, context.scratch)),
    published: () => (reopened ??= reopen()),
    rules: [],
  };
}

/** Converts the source, with the engine that has read it, and starts to publish it. */
export function converted(
  context: PeriodContext,
  destinations: Destinations,
  source: Extracted,
  steps: Steps,
  options: { readonly allowShrink: boolean },
): Promise<PeriodFiles> {
  const { record, content } = source;
  if (content.kind !== "staged")
    return convertedHere(context, destinations, { record, content }, steps, options);
  const { conversion } = destinations;
  if (conversion === undefined) throw new TypeError("a source was staged, but there is no BigQuery");
  return convertedInBigquery(context, { ...destinations, conversion }, { record, content }, steps, options);
}

/**
 * Converts the source and starts to publish it. What could stop a usual source is checked before this resolves; the
 * comparison with a second reading of the source continues, and nothing is published before it ends.
 */
async function convertedHere(
  context: PeriodContext,
  { lake, database }: Destinations,
  source: Extracted<CsvContent | ParquetContent>,
  steps: Steps,
  { allowShrink }: { readonly allowShrink: boolean },
): Promise<PeriodFiles> {
  const { spec, period, engine } = context;
  const reading = readSource(context, source);
  try {
    const drafts = await steps.run("parquetize", async () => {
      const done = await parquetize(context, source);
      if (database !== undefined) await checkRowSizes(engine.connection, spec, done.result.parquet.file);
      await checkShrink(context, lake, source.record, done.result, allowShrink);
      return done;
    });
    const lakeFile = lakeFileOf(context, () => Promise.resolve(drafts.parquet.file));
    const publishing = steps
      .run("publish", async () => {
        await reading.check(await lakeFile.fingerprint(), drafts);
        return publish(context, lake, drafts);
      })
      .finally(() => {
        reading.stop();
      });
    // Reported by whoever waits for it.
    publishing.catch(() => undefined);
    return {
      files: {
        source: source.record,
        parquet: recordOf(drafts.parquet, parquetPath(spec.id, period)),
        rejects: drafts.rejects && recordOf(drafts.rejects, rejectsPath(spec.id, period)),
      },
      lakeFile,
      published: () => publishing,
      rules: drafts.rules,
    };
  } catch (error) {
    reading.stop();
    throw error;
  }
}
