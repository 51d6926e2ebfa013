import type { StepName } from "../records";

/** How far a step has got. */
export interface Progress {
  readonly done: number;
  /** Undefined where nobody knows beforehand. */
  readonly total: number | undefined;
  readonly unit: "bytes" | "rows";
}

/** How a step ended: in numbers, and in words for a person. */
export interface StepOutcome {
  readonly dataset: string;
  readonly period: string;
  readonly step: StepName;
  /** False when its record said it was done and the record held. */
  readonly changed: boolean;
  readonly seconds: number;
  readonly detail: string;
}

/** Shows a run while it goes on. */
export interface Reporter {
  progress(step: Pick<StepOutcome, "dataset" | "period" | "step">, progress: Progress): void;
  finished(outcome: StepOutcome): void;
  /** Something a person should know although the run goes on. */
  warning(message: string, details?: Readonly<Record<string, unknown>>): void;
  info(message: string): void;
  failed(message: string, details: Readonly<Record<string, unknown>>): void;
  close(): void;
}
