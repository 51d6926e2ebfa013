import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cache } from "../../programs/cache";
import { npmInstall } from "../../scripts/npm-install";

/** Packages that are used only for comparison. */
const versions = { tsx: "4.23.15", "ts-node": "10.9.2" } as const;
export type Peer = keyof typeof versions;

/**
 * Installs a package into the cache, if it is not installed.
 *
 * @returns its folder, or why it is not available
 */
export async function peer(name: Peer): Promise<{ folder: string } | { reason: string }> {
  const version = versions[name];
  const place = join(cache, `${name}-${version}`);
  const folder = join(place, "node_modules", name);
  if (existsSync(folder)) return { folder };
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, "package.json"), JSON.stringify({ private: true }));
  const reason = await npmInstall(place, [`${name}@${version}`]);
  return reason === undefined
    ? { folder }
    : { reason: `${name}@${version} is not available from npm: ${reason}` };
}
