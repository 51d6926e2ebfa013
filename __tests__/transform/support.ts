import { existsSync } from "node:fs";
import { cache } from "../../programs/cache";
import { findPython, type PythonPackages } from "../../programs/python";

/** Why packages of Python are not available, or undefined. */
export function missingPython(packages: PythonPackages): string | undefined {
  const found = findPython(cache, packages);
  return found.kind === "missing" ? found.reason : undefined;
}

/** @throws Error when they are not installed: call missingPython first */
export function pythonOf(packages: PythonPackages): string {
  const found = findPython(cache, packages);
  if (found.kind === "missing") throw new Error(found.reason);
  return found.place.python;
}

/** Why the models of taxi trips cannot be tested, or undefined: they are the user's, who may have removed them. */
export const missingModels = existsSync("transform/models/core/fact_trips.sql")
  ? undefined
  : "transform/models/ has no models of taxi trips";
