import type { StepName } from "../records";

/** Progress of a step. */
export interface Progress {
  readonly done: number;
  /** Undefined when it is not known in advance. */
  readonly total: number | undefined;
  readonly unit: "bytes" | "rows";
}

/** Result of a step. */
export interface StepOutcome {
  readonly dataset: string;
  readonly period: string;
  readonly step: StepName;
  /** False when there was nothing to do. */
  readonly changed: boolean;
  readonly seconds: number;
  readonly detail: string;
}

/** A run that starts. */
export interface RunStart {
  readonly run: string;
  readonly dataset: string;
  /** Labels, in order. */
  readonly periods: readonly string[];
}

/** Reports the progress of a run. */
export interface Reporter {
  /** Called before anything is loaded, opened or fetched. */
  started(run: RunStart): void;
  progress(step: Pick<StepOutcome, "dataset" | "period" | "step">, progress: Progress): void;
  finished(outcome: StepOutcome): void;
  /** A problem that does not stop the run. */
  warning(message: string, details?: Readonly<Record<string, unknown>>): void;
  info(message: string): void;
  failed(message: string, details: Readonly<Record<string, unknown>>): void;
  close(): void;
}
