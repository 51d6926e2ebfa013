import { access, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { catalogFolder } from "../../catalog";
import { addressFaults, type ApiEndpoints, Period } from "../../dataset";
import { codeOf } from "../../errors/thrown";
import { CloudClients } from "../cloud/clients";
import { type Arrival, parquetArrival, textArrival, withTemporary } from "../draft/arrival";
import { draftOf } from "../draft/draft";
import { headOf } from "../draft/head";
import { periodInName } from "../draft/period-in-name";
import { arrivalText } from "../draft/preview";
import { readSample, type Sample } from "../draft/sample";
import { specDrafted, specificationText } from "../draft/specification-text";
import { Failure } from "../failure";
import { fileName, locate } from "../source/location";
import { skippedIn } from "../source/text-steps";

export interface DraftOptions {
  readonly id?: string;
}

/** Rows of a Parquet file that are converted. */
const parquetSample = 1000;

/** `ingest draft`: writes catalog/<id>.ts for a file, and prints what arrives from it. Never replaces a file. */
export async function draftCommand(
  address: string,
  { id }: DraftOptions,
  endpoints: ApiEndpoints,
  print: (text: string) => void,
): Promise<void> {
  const [fault] = addressFaults(address);
  if (fault !== undefined)
    throw new Failure("permanent", `"${address.replace(/:\/\/[^/]*@/, "://")}": ${fault}`);
  const location = locate(address);
  const name = fileName(location);
  await withTemporary(async (engine, folder) => {
    const { file, cut } = await headOf(location, new CloudClients(endpoints), folder);
    const sample = await readSample(file, name, cut).catch((error: unknown) => {
      throw codeOf(error) === "ENOENT" ? new Failure("permanent", `${address} does not exist`) : error;
    });
    const draft = await draftOf({ address, id, file, sample }, engine);
    const target = join(catalogFolder(), `${draft.id}.ts`);
    if (await exists(target))
      throw new Failure("permanent", `catalog/${draft.id}.ts exists already: pass another name with --id`);
    const spec = specDrafted(draft);
    const period = periodInName(address)?.period ?? Period.once;
    const arrival: Arrival =
      sample.kind === "parquet"
        ? await parquetArrival(engine, spec, period, file, name, parquetSample)
        : await textArrival(engine, folder, spec, period, await skippedIn(spec.source, utf8(sample)), name);
    await writeFile(target, specificationText(draft, address), { flag: "wx" });
    const periods = spec.grain === "once" ? "" : ` --period ${period.label}`;
    print(
      [
        `Wrote catalog/${draft.id}.ts: ${spec.columns.length} columns, ${described(sample)}.`,
        "",
        arrivalText(arrival),
        "",
        "Next: read the file, then",
        `  npm run ingest -- check ${draft.id}${periods}`,
        `  npm run ingest -- run ${draft.id}${periods}`,
        "",
      ].join("\n"),
    );
  });
}

function utf8(sample: Extract<Sample, { readonly kind: "text" }>): Buffer {
  return Buffer.from(sample.text);
}

function described(sample: Sample): string {
  if (sample.kind === "parquet") return "Parquet";
  const packed = sample.compression === "none" ? "" : ` in ${sample.compression}`;
  return `text in ${sample.encoding}${packed}`;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
