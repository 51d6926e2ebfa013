import { datasetPrefix, type DatasetSpec, hiveKeys, type LakePrefix, Period, periodIn } from "../../dataset";
import type { Lake } from "./lake";

/** Periods with a folder below a prefix, in order. Parsed from the folders' names: `year=2019/month=01`. */
export async function periodsBelow(lake: Lake, spec: DatasetSpec, prefix: LakePrefix): Promise<Period[]> {
  const top = datasetPrefix(prefix, spec.id);
  if (spec.grain === "once") return (await lake.names(top)).length > 0 ? [Period.once] : [];
  let folders = [{ path: top, values: [] as readonly string[] }];
  for (const key of hiveKeys(spec.grain)) {
    const next = await Promise.all(
      folders.map(async ({ path, values }) =>
        (await lake.names(path))
          .filter((name) => name.startsWith(`${key}=`))
          .map((name) => ({ path: `${path}${name}/`, values: [...values, name.slice(key.length + 1)] })),
      ),
    );
    folders = next.flat();
  }
  return folders
    .map(({ values }) => periodIn(spec.grain, values))
    .sort((one, other) => (one.isBefore(other) ? -1 : 1));
}
