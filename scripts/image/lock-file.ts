import { readFileSync } from "node:fs";
import * as z from "zod/mini";

const lockFile = z.object({
  packages: z.record(z.string(), z.looseObject({ version: z.optional(z.string()) })),
});

/** Versions in package-lock.json by path: `node_modules/pg`. */
export function lockedVersions(): ReadonlyMap<string, string> {
  const { packages } = lockFile.parse(JSON.parse(readFileSync("package-lock.json", "utf8")));
  return new Map(
    Object.entries(packages).flatMap(([path, { version }]) =>
      version === undefined ? [] : [[path, version]],
    ),
  );
}
