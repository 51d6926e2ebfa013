import type { DatasetSpec } from "../../dataset";
import fhv from "./fhv_tripdata";
import green from "./green_tripdata";
import zones from "./taxi_zones";
import yellow from "./yellow_tripdata";

/**
 * The data sets that the tour shows, by id. They are copies of those in catalog/, which is the user's: the tour works
 * without them.
 */
export const taxis: ReadonlyMap<string, DatasetSpec> = new Map(
  [fhv, green, zones, yellow].map((spec) => [spec.id, spec]),
);
