import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

let gc: NodeJS.GCFunction | undefined;

/**
 * Frees recent objects that are no longer used. The chunks of a result hold memory of the engine that the garbage
 * collector does not count: without this, a hundred megabytes of them accumulate.
 */
export function collectRecent(): void {
  gc ??= collector();
  gc?.({ type: "minor" });
}

function collector(): NodeJS.GCFunction | undefined {
  setFlagsFromString("--expose-gc");
  const found: unknown = runInNewContext("gc");
  return isCollector(found) ? found : undefined;
}

function isCollector(value: unknown): value is NodeJS.GCFunction {
  return typeof value === "function";
}
