import type { LossClass } from "../../report/changes";

/** The effect of an in-place update on data and availability. */
export interface InPlace {
  readonly class: Extract<LossClass, "lost" | "expires" | "outage">;
  readonly reason: string;
  readonly wayBack?: string;
}
