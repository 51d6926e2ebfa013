import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { buildSync } from "esbuild";
import * as z from "zod/mini";
import { runProgram } from "../program";

/** CDK Terrain, under cdktf's name. */
export const terrain = "npm:cdktn@0.24.0";

/**
 * Copies what an entry file of the project is bundled from into a folder, and installs the packages it needs there
 * with CDK Terrain in the place of cdktf.
 *
 * @returns why the packages are not to be had, or undefined
 */
export async function copyWithTerrain(entry: string, folder: string): Promise<string | undefined> {
  const inputs = Object.keys(bundled(".", entry, join(folder, "dist", "original.cjs")));
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
  const options = "install --prefer-offline --ignore-scripts --no-package-lock --no-audit --no-fund".split(
    " ",
  );
  const { exitCode, stderr } = await runProgram("npm", options, { cwd: folder });
  if (exitCode === 0) return undefined;
  if (!notToBeHad.test(stderr))
    throw new Error(`npm does not install ${terrain} in the place of cdktf:\n${stderr}`);
  return `${terrain} is not to be had from npm: ${cause(stderr)}`;
}

const packageJson = z.object({ dependencies: z.record(z.string(), z.string()) });

/** Bundles an entry file of a folder, as scripts/bundle.mjs does it for the project; returns the inputs. */
export function bundled(folder: string, entry: string, outfile: string): Readonly<Record<string, unknown>> {
  return buildSync({
    absWorkingDir: resolve(folder),
    entryPoints: [entry],
    outfile,
    bundle: true,
    metafile: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    logLevel: "warning",
  }).metafile.inputs;
}

/** `node_modules/@cdktf/provider-google/lib/x.js` -> `@cdktf/provider-google` */
function packageOf(file: string): string | undefined {
  return /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1];
}

/** npm's codes for a registry that is not reached, or that lacks the package. */
const notToBeHad =
  /^npm error code (E404|ETARGET|ENOTFOUND|EAI_AGAIN|ECONN\w+|ETIMEDOUT|ERR_SOCKET_TIMEOUT)$/m;

/** The first line that is a sentence. */
function cause(stderr: string): string {
  const lines = stderr.split("\n").map((line) => line.replace(/^npm error /, ""));
  return lines.find((line) => !/^(npm |code |syscall |errno )/.test(line)) ?? stderr.trim();
}
