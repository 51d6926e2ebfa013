import { parquetPath, rejectsPath, specDigest } from "../dataset";
import { checkRowSizes } from "./database/row-size";
import { removeSuccess } from "./lake/manifest";
import type { PeriodFiles } from "./period-files";
import { loadKey } from "./records";
import type { Extracted, StagedContent } from "./source/extracted";
import { fileName } from "./source/location";
import type { Destinations, PeriodContext } from "./steps/context";
import { type JoinedParts, joinedParts } from "./steps/exported-parts";
import { checkLimit, draft, type DraftFile, fileMetadata } from "./steps/parquetize";
import { recordOf } from "./steps/publish";
import { checkShrink } from "./steps/shrink";
import { readSource } from "./steps/source-reading";
import { refuseParquetTooLarge } from "./steps/task-memory";
import type { StepResult, Steps } from "./steps/timing";
import { Failure } from "./failure";
import { bytesText, countText } from "./text";
import type { BigqueryConversion } from "./warehouse/bigquery-conversion";
import type { TableReference } from "./warehouse/bigquery-load";

/** What BigQuery has made of the source; nothing of it is in raw/ yet. */
interface Converted {
  readonly parts: JoinedParts;
  readonly rows: number;
  readonly rejects: DraftFile | null;
  readonly table: TableReference;
}

/**
 * Converts a staged source in BigQuery, and publishes the result. All values of the Parquet files are compared with the
 * second reading of the source before anything is published.
 */
export async function convertedInBigquery(
  context: PeriodContext,
  destinations: Destinations & { readonly conversion: BigqueryConversion },
  source: Extracted<StagedContent>,
  steps: Steps,
  { allowShrink }: { readonly allowShrink: boolean },
): Promise<PeriodFiles> {
  const { spec, period, scratch } = context;
  const { lake, conversion } = destinations;
  const done = await steps.run("parquetize", () => converted(context, destinations, source, allowShrink));
  const parquet = {
    ...{ path: parquetPath(spec.id, period), rows: done.rows },
    ...{ bytes: done.parts.bytes, sha256: done.parts.sha256 },
  };
  const rejects = done.rejects && recordOf(done.rejects, rejectsPath(spec.id, period));
  const publishing = steps.run("publish", async () => {
    await removeSuccess(lake, spec.id, period);
    const tail = `${source.content.folder}tail`;
    const upload = conversion.lake.upload(tail);
    await upload.write(done.parts.tail);
    await upload.end();
    await conversion.lake.compose([...done.parts.files, tail], parquet, source.content.folder);
    if (done.rejects === null || rejects === null) await lake.remove(rejectsPath(spec.id, period));
    else await lake.publish(done.rejects.file, rejects);
    await conversion.lake.discard([...source.content.files, ...done.parts.files, tail]);
    return { result: undefined, changed: true, detail: parquet.path };
  });
  // Reported by whoever waits for it.
  publishing.catch(() => undefined);
  return {
    files: { source: source.record, parquet, rejects },
    lakeFile: {
      local: async () => {
        await publishing;
        return lake.local(parquet, scratch);
      },
      fingerprint: () => Promise.resolve(done.parts.fingerprint),
      table: done.table,
    },
    published: () => publishing,
    rules: done.rejects === null ? [] : source.content.rejects.rules,
  };
}

async function converted(
  context: PeriodContext,
  { lake, conversion, database }: Destinations & { readonly conversion: BigqueryConversion },
  source: Extracted<StagedContent>,
  allowShrink: boolean,
): Promise<StepResult<Converted>> {
  const { spec, period, engine } = context;
  const { record, content } = source;
  checkLimit(context, source, content.rejects.rows, content.rejects.first);
  const rejects = content.rejects.rows === 0 ? null : await draft(content.rejects.file, content.rejects.rows);
  await checkShrink(context, lake, record, { parquet: { rows: content.rows }, rejects }, allowShrink);
  const key = loadKey(spec.id, period, record.sha256, specDigest(spec));
  const { files, table } = await conversion.convert(spec, period, key, content);
  const parts = await joinedParts(context, conversion.lake, files, fileMetadata(context, record), (file) =>
    database === undefined ? Promise.resolve() : checkRowSizes(engine.connection, spec, file),
  );
  await readSource(context, source).check(parts.fingerprint, { rejects });
  const { rows } = parts.fingerprint;
  if (rows !== content.rows)
    throw new Failure(
      "integrity",
      `${fileName(context.location)}: BigQuery has exported ${rows} rows, expected ${content.rows}; run again`,
    );
  if (database !== undefined) refuseParquetTooLarge(parts.bytes, context);
  const rejected = rejects === null ? "" : `, ${countText(rejects.rows, "row")} rejected`;
  return {
    result: { parts, rows, rejects, table },
    changed: true,
    detail: `${bytesText(parts.bytes)}, ${countText(rows, "row")}${rejected}, converted by BigQuery`,
  };
}
