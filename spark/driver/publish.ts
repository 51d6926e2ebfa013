import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { martPrefix, revenueMart } from "../../dataset";
import { codeOf } from "../../errors/thrown";
import { makeFolder } from "../../job/files";
import { Failure } from "../../job/failure";

const { name } = revenueMart;

/**
 * Moves a program's output into the lake: `marts/<name>/month=2019-01/<name>_2019-01.parquet`. Month by month, each as a
 * whole; the draft must be on the same disk.
 *
 * @param draft folder with a folder `month=2019-01` for each month
 * @param whole whether months that the draft does not have are removed
 * @returns the files in the lake, in the order of their months
 * @throws Failure integrity when a month of the draft is not one file
 */
export async function publishMonths(draft: string, lake: string, whole: boolean): Promise<readonly string[]> {
  const target = join(lake, martPrefix(name));
  const months = await monthsIn(draft);
  const files = new Map<string, string>();
  for (const folder of months) files.set(folder, await onlyFile(join(draft, folder)));
  await makeFolder(target);
  const published: string[] = [];
  for (const [folder, file] of files) {
    const path = join(target, folder, `${name}_${folder.slice(monthKey.length)}.parquet`);
    await mkdir(dirname(path), { recursive: true });
    await rename(file, path);
    published.push(path);
  }
  if (whole)
    for (const old of await monthsIn(target))
      if (!files.has(old)) await rm(join(target, old), { recursive: true });
  return published;
}

const monthKey = "month=";

/** The folders of months, sorted; none if the folder does not exist. */
async function monthsIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  });
  return names.filter((folder) => folder.startsWith(monthKey)).sort();
}

async function onlyFile(folder: string): Promise<string> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".parquet"));
  const [file] = files;
  if (file !== undefined && files.length === 1) return join(folder, file);
  throw new Failure("integrity", `${folder} has ${files.length} Parquet files instead of one; run again`);
}
