import { asFailure } from "../failure";
import { type StepName, stepNames, type StepRecord } from "../records";
import { fileName } from "../source/location";
import type { PeriodContext } from "./context";

/** What a step passes to the next one, and what it reports. */
export interface StepResult<Result> {
  readonly result: Result;
  readonly changed: boolean;
  readonly detail: string;
}

/** Runs the steps of one period: measures and reports them, and records whether anything was written. */
export class Steps {
  private readonly ended: StepRecord[] = [];
  private wrote = false;

  constructor(private readonly context: PeriodContext) {}

  async run<Result>(step: StepName, work: () => Promise<StepResult<Result>>): Promise<Result> {
    const startedAt = new Date();
    const started = performance.now();
    const { result, changed, detail } = await work().catch((error: unknown) => {
      throw asFailure(error, this.subjectOf(step));
    });
    const seconds = Math.round(performance.now() - started) / 1000;
    this.end(step, startedAt, { seconds, changed, detail });
    return result;
  }

  /** Records a step that has nothing to do. */
  skip(step: StepName, detail: string): void {
    this.end(step, new Date(), { seconds: 0, changed: false, detail });
  }

  get changed(): boolean {
    return this.wrote;
  }

  /** In the order of `stepNames`, not of completion. */
  get records(): readonly StepRecord[] {
    return stepNames.flatMap((name) => this.ended.filter(({ step }) => step === name));
  }

  get seconds(): Readonly<Record<StepName, number>> {
    const of = (name: StepName) => this.ended.find(({ step }) => step === name)?.seconds ?? 0;
    return {
      extract: of("extract"),
      parquetize: of("parquetize"),
      publish: of("publish"),
      warehouse: of("warehouse"),
      database: of("database"),
      verify: of("verify"),
    };
  }

  /** What a step works on, for error messages. */
  private subjectOf(step: StepName): string {
    switch (step) {
      case "extract":
      case "parquetize":
        return fileName(this.context.location);
      case "publish":
        return "the lake";
      case "warehouse":
        return "the warehouse";
      case "database":
        return "the database";
      case "verify":
        return "the comparison of source, lake and tables";
    }
  }

  private end(
    step: StepName,
    startedAt: Date,
    outcome: { seconds: number; changed: boolean; detail: string },
  ): void {
    this.ended.push({ step, startedAt: startedAt.toISOString(), seconds: outcome.seconds });
    this.wrote ||= outcome.changed;
    const { spec, period, reporter } = this.context;
    reporter.finished({ dataset: spec.id, period: period.label, step, ...outcome });
  }
}
