/**
 * Creates the cluster that tests copy into their homes, if it does not exist: initdb takes a second, a copy a tenth of
 * that. Prints nothing.
 */
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { startEmbeddedPostgres } from "../../embedded-postgres";
import { clusterTemplate } from "./cluster-template";

async function main(): Promise<void> {
  if (existsSync(clusterTemplate)) return;
  const draft = `${clusterTemplate}.${process.pid}`;
  mkdirSync(dirname(draft), { recursive: true });
  await (await startEmbeddedPostgres(draft)).stop();
  rmSync(clusterTemplate, { recursive: true, force: true });
  renameSync(draft, clusterTemplate);
}

void main();
