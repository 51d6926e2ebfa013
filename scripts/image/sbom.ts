import * as z from "zod/mini";
import { runProgram } from "../../programs/program";

/** Output of `npm sbom`, without the dependency graph and the random serial number. */
const bill = z.object({
  bomFormat: z.string(),
  specVersion: z.string(),
  version: z.number(),
  metadata: z.looseObject({ component: z.looseObject({}) }),
  components: z.array(z.looseObject({ "bom-ref": z.string() })),
});

/**
 * The software bill of materials of the image in CycloneDX JSON: the output of `npm sbom` for the project, without the
 * packages that are not in the image, the date, and the random serial number. Equal images have equal bills.
 *
 * @param files files in the image, including those of packages
 * @param versions locked versions by path
 * @throws Error when npm fails, or does not list a package of the image
 */
export async function billOfMaterials(
  files: readonly string[],
  versions: ReadonlyMap<string, string>,
): Promise<string> {
  const options = "--package-lock-only --sbom-format cyclonedx".split(" ");
  const { exitCode, stdout, stderr } = await runProgram("npm", ["sbom", ...options]);
  if (exitCode !== 0) throw new Error(`npm sbom failed:\n${stderr}`);
  const { bomFormat, specVersion, version, metadata, components } = bill.parse(JSON.parse(stdout));
  const packages = new Set(files.flatMap((file) => reference(file, versions) ?? []));
  const found = components.filter((component) => packages.delete(component["bom-ref"]));
  if (packages.size > 0) throw new Error(`npm sbom does not list ${[...packages].join(", ")}`);
  const { component } = metadata;
  return `${JSON.stringify({ bomFormat, specVersion, version, metadata: { component }, components: found }, null, 2)}\n`;
}

/** `node_modules/pg/lib/client.js` -> `pg@8.23.1`; undefined for a file of the project itself. */
function reference(file: string, versions: ReadonlyMap<string, string>): string | undefined {
  const [path, name] = /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file) ?? [];
  return path === undefined || name === undefined ? undefined : `${name}@${versions.get(path) ?? "unknown"}`;
}
