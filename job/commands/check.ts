import {
  type DatasetSpec,
  formatOf,
  jobEnvironmentFrom,
  Period,
  sourceUrl,
  type Variables,
} from "../../dataset";
import { exitCodes } from "../../dataset";
import { CloudClients } from "../cloud/clients";
import { parquetArrival, textArrival, withTemporary } from "../draft/arrival";
import { headOf } from "../draft/head";
import { arrivalText } from "../draft/preview";
import { specifiedText } from "../draft/specified-text";
import { Failure } from "../failure";
import { requestedPeriods } from "../requested-periods";
import { fileName, locate, shownAddress } from "../source/location";
import { specOf } from "./dataset";

export interface CheckOptions {
  readonly period?: string;
  readonly source?: string;
}

/** Number of rows that are read. */
const sampleRows = 1000;

/**
 * `ingest check`: reads the header and the first rows of a period's file, and prints what would arrive. Writes nothing.
 *
 * @returns the exit code: that of schema drift if a row of the sample would be rejected
 */
export async function checkCommand(
  id: string | undefined,
  options: CheckOptions,
  variables: Variables,
  print: (text: string) => void,
): Promise<number> {
  const environment = jobEnvironmentFrom(variables);
  const found = await specOf(id, environment);
  const period = periodOf(found, options.period);
  const template = options.source ?? found.source.url;
  const location = locate(sourceUrl(template, period));
  const name = fileName(location);
  const spec =
    options.source === undefined
      ? found
      : { ...found, source: { ...found.source, ...formatOf(name, found.source) } };
  return withTemporary(async (engine, folder) => {
    const { file, cut } = await headOf(location, new CloudClients(environment.endpoints ?? {}), folder);
    const arrival =
      spec.source.format === "parquet"
        ? await parquetArrival(engine, spec, period, file, name, sampleRows)
        : await textArrival(
            engine,
            folder,
            spec,
            period,
            await specifiedText(file, name, spec, cut, sampleRows),
            name,
          );
    const place = `${spec.id} ${period.label}: ${shownAddress(location)}`;
    print(`${place}\n\n${arrivalText(arrival)}\n`);
    return arrival.rejected > 0 ? exitCodes.drift.code : 0;
  });
}

/** The requested period. @default - the first one */
function periodOf(spec: DatasetSpec, label: string | undefined): Period {
  if (label === undefined && spec.grain !== "once") return Period.parse(spec.grain, spec.firstPeriod);
  const [period] = requestedPeriods(spec, label === undefined ? {} : { period: [label] }, new Date());
  if (period === undefined) throw new Failure("permanent", `${spec.id}: specify a period with --period`);
  return period;
}
