import { closeSync, openSync, writeFileSync } from "node:fs";

const pieceSize = 1 << 20;

/** A file that is written in large pieces. */
export class RecordFile {
  private readonly handle: number;
  private piece = Buffer.allocUnsafe(pieceSize);
  private filled = 0;

  constructor(readonly file: string) {
    this.handle = openSync(file, "w");
  }

  /** @returns the number of bytes */
  write(record: string | Buffer): number {
    const bytes = typeof record === "string" ? Buffer.from(record) : record;
    if (this.filled + bytes.length > pieceSize) this.end();
    if (bytes.length > pieceSize) writeFileSync(this.handle, bytes);
    else {
      bytes.copy(this.piece, this.filled);
      this.filled += bytes.length;
    }
    return bytes.length;
  }

  /** Writes what has not been written yet. */
  end(): void {
    // Unlike writeSync, it never writes only a part of the bytes on a full disk.
    if (this.filled > 0) writeFileSync(this.handle, this.piece.subarray(0, this.filled));
    this.filled = 0;
  }

  close(): void {
    closeSync(this.handle);
  }
}
