import { once } from "node:events";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { cloudFailure } from "../cloud/failure";

/** A file of the lake that is written as its bytes arrive. It exists when `end` has resolved. */
export class Upload {
  private readonly ended: Promise<void>;

  /** @param name address of the file, for messages */
  constructor(
    private readonly stream: Writable,
    private readonly name: string,
  ) {
    this.ended = finished(stream);
    // Reported by the next call.
    this.ended.catch(() => undefined);
  }

  /** @param bytes must not change afterwards */
  async write(bytes: Buffer): Promise<void> {
    await this.reported(async () => {
      if (!this.stream.write(bytes)) await Promise.race([once(this.stream, "drain"), this.ended]);
    });
  }

  async end(): Promise<void> {
    await this.reported(() => {
      this.stream.end();
      return this.ended;
    });
  }

  /** Gives up: the file does not appear. */
  abort(): void {
    this.stream.destroy();
  }

  private async reported(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      throw cloudFailure(error, `${this.name} cannot be written`);
    }
  }
}
