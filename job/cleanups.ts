/** What must be undone when a run ends, for whatever reason. */
export class Cleanups {
  private readonly open: (() => unknown)[] = [];
  private running: Promise<void> = Promise.resolve();

  /** @param cleanup if it returns a promise, `run` awaits it */
  add(cleanup: () => unknown): void {
    this.open.push(cleanup);
  }

  /**
   * Runs all cleanups, the latest first, even if some fail. A second call, for example by a signal handler, waits for
   * the first one and has nothing left to do.
   *
   * @throws the error of the first cleanup that failed
   */
  run(): Promise<void> {
    this.running = this.running.catch(() => undefined).then(() => this.runAll());
    return this.running;
  }

  private async runAll(): Promise<void> {
    const errors: unknown[] = [];
    for (let cleanup = this.open.pop(); cleanup !== undefined; cleanup = this.open.pop()) {
      try {
        await cleanup();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}
