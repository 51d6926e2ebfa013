import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/**
 * Copies the project to a folder and makes it that of somebody else: all data sets of taxi trips are removed, the data set of
 * the README is added, and dev is filled in as docs/deploy.md says.
 */
export function ownProject(folder: string): void {
  const files = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  for (const file of files.split("\0").filter((name) => name !== "")) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    cpSync(file, join(folder, file));
  }
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  for (const name of readdirSync(join(folder, "catalog")).filter((one) => one !== "index.ts"))
    rmSync(join(folder, "catalog", name));
  const [, orders = ""] =
    /## Add a data set\n.*?```ts\n(.*?)```/s.exec(readFileSync("README.md", "utf8")) ?? [];
  if (orders === "") throw new Error("README.md has no data set under Add a data set");
  writeFileSync(join(folder, "catalog", "orders.ts"), orders);
  const dev = join(folder, "config", "dev.ts");
  const filled = readFileSync(dev, "utf8")
    .replaceAll("replace-me-dev", "acme-data-dev")
    .replace("100000000001", "471100000001")
    .replace("replace-me@example.com", "data@acme.dev")
    .replaceAll("europe-west6", "europe-west1");
  writeFileSync(dev, filled);
}
