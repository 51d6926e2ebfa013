import type { DatasetSpec, EngineName } from "../dataset";

/** Whether any data set is converted by an engine, which then needs permissions. */
export function usesEngine(catalog: ReadonlyMap<string, DatasetSpec>, engine: EngineName): boolean {
  return [...catalog.values()].some((spec) => spec.engine === engine);
}
