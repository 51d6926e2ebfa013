/**
 * `npm run pack:constructs`: packs constructs/ as an npm package into dist/, for other projects, and writes its API
 * page, docs/constructs.md, from the docstrings.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { apiPage } from "./api-page";
import { packConstructs } from "./pack";

writeFileSync("docs/constructs.md", apiPage("constructs"));
mkdirSync("dist", { recursive: true });
void packConstructs(".", "dist").then(
  (tarball) => process.stdout.write(`${tarball} and docs/constructs.md are up to date\n`),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
