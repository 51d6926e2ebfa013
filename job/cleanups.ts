/** What must be undone when a run ends, however it ends. */
export class Cleanups {
  private readonly open: (() => unknown)[] = [];
  private running: Promise<void> = Promise.resolve();

  /** @param cleanup waited for when it returns a promise */
  add(cleanup: () => unknown): void {
    this.open.push(cleanup);
  }

  /**
   * Undoes everything, the latest first, the rest also when one fails. Whoever calls second, as a signal may,
   * waits for the first to have finished and finds nothing left.
   *
   * @throws what the first one that failed has thrown
   */
  run(): Promise<void> {
    this.running = this.running.catch(() => undefined).then(() => this.undo());
    return this.running;
  }

  private async undo(): Promise<void> {
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
