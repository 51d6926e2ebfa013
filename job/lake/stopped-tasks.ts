import { codesFor, stopFolder } from "../../dataset";
import { messageOf } from "../../errors/thrown";
import { Failure } from "../failure";
import type { Lake } from "./lake";

/**
 * What the tasks of one execution know of each other. Cloud Run starts the next task whatever became of the ones before
 * it. After an integrity failure or schema drift, the others would fail too, or load bad data, so they look first.
 */
export class StoppedTasks {
  private readonly folder: string | undefined;

  /** @param execution name of the execution. @default - there is no other task */
  constructor(
    private readonly lake: Lake,
    dataset: string,
    execution: string | undefined,
    private readonly log: { readonly warning: (message: string) => void },
  ) {
    this.folder = execution === undefined ? undefined : stopFolder(dataset, execution);
  }

  /** @throws Failure skipped when a period of another task has stopped the execution */
  async refuse(): Promise<void> {
    if (this.folder === undefined) return;
    const [stopped] = await this.lake.names(this.folder);
    if (stopped === undefined) return;
    const message = await this.lake.read(this.folder + stopped);
    throw new Failure("skipped", `not started, because another period failed: ${message?.trim() ?? stopped}`);
  }

  /** Lets the other tasks know that a period has failed, if they must not start after it. */
  async record(failure: Failure, period: string): Promise<void> {
    if (this.folder === undefined || !codesFor("stop").includes(failure.exitCode)) return;
    try {
      await this.lake.write(this.folder + period, `${period}: ${failure.message}\n`);
    } catch (error) {
      this.log.warning(`the other tasks of the execution do not know of this failure: ${messageOf(error)}`);
    }
  }
}
