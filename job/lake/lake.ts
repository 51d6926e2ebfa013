import type { FileRecord } from "../records";

/** The data lake: files by path, which are written atomically. */
export interface Lake {
  /** Name for messages: a folder, or `gs://bucket`. */
  readonly name: string;

  /** Whether this run is the only writer. */
  readonly isExclusive: boolean;

  /** Publishes a local file at the path of its record, and replaces the one there. The local file must not change any more. */
  publish(file: string, record: FileRecord): Promise<void>;

  /** Writes a small text file. */
  write(path: string, text: string): Promise<void>;

  /** The text of a file; undefined when the file does not exist. */
  read(path: string): Promise<string | undefined>;

  /** Whether the lake contains the file with exactly these bytes. */
  holds(record: FileRecord): Promise<boolean>;

  remove(path: string): Promise<void>;

  /**
   * Returns a local path of a file.
   *
   * @param scratch folder to download the file to, when the lake is not local
   */
  local(record: FileRecord, scratch: string): Promise<string>;

  /**
   * Checks that a file is still the one that this run has published or found.
   *
   * @throws Failure retryable when another run has replaced it
   */
  confirm(path: string): Promise<void>;

  /** Names of the files and folders directly below a prefix, which ends with a slash. */
  names(prefix: string): Promise<readonly string[]>;
}
