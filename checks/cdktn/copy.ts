import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as z from "zod/mini";
import { bundled } from "../../scripts/bundled";
import { npmInstall } from "../../scripts/npm-install";

/** CDK Terrain, installed under the name of cdktf. */
export const terrain = "npm:cdktn@0.24.0";

/**
 * Copies the files of a bundle to a folder, and installs its packages there, with CDK Terrain instead of cdktf.
 *
 * @returns why the packages are not available, or undefined on success
 */
export async function copyWithTerrain(entry: string, folder: string): Promise<string | undefined> {
  const inputs = bundled(entry, join(folder, "dist", "original.cjs"));
  const own = inputs.filter((file) => !file.startsWith("node_modules/"));
  for (const file of own) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    copyFileSync(file, join(folder, file));
  }
  const names = new Set(inputs.flatMap((file) => packageOf(file) ?? []));
  const { dependencies } = packageJson.parse(JSON.parse(readFileSync("package.json", "utf8")));
  const needed = Object.entries(dependencies).filter(([name]) => names.has(name));
  const manifest = {
    private: true,
    dependencies: { ...Object.fromEntries(needed), cdktf: terrain },
    overrides: { cdktf: "$cdktf" },
  };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest, null, 2));
  const reason = await npmInstall(folder);
  return reason === undefined ? undefined : `${terrain} is not available from npm: ${reason}`;
}

const packageJson = z.object({ dependencies: z.record(z.string(), z.string()) });

/** `node_modules/@cdktf/provider-google/lib/x.js` -> `@cdktf/provider-google` */
function packageOf(file: string): string | undefined {
  return /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1];
}
