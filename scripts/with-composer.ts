import { join } from "node:path";
import { type Environment, loadEnvironment } from "../config";
import { documentedEnvironment } from "./permissions/page";
import type { StackJson } from "./synthesized";

/** Folder of the golden files of that environment. */
export const composerGolden = join("__tests__", "golden", "composer");

/**
 * The environment of docs/permissions.md with Airflow as its orchestrator. Not an environment of this project: its stack
 * is in the golden files, and is scanned and checked like those of the environments.
 */
export function withComposer(): Environment {
  return { ...loadEnvironment(documentedEnvironment), orchestrator: "composer" };
}

/** The stacks that differ most from those without Composer. */
export function composerStacks(stacks: ReadonlyMap<string, StackJson>): [string, StackJson][] {
  return [...stacks].filter(([name]) => name.endsWith("-composer"));
}
