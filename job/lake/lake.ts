import type { FileRecord } from "../records";

/** The data lake: files by their paths. Each is there whole or not at all. */
export interface Lake {
  /** What people call it: a folder, or `gs://bucket`. */
  readonly name: string;

  /** Whether nobody else can write to it while this run does. */
  readonly isExclusive: boolean;

  /** Puts a finished file of this machine where its record says, over the one that was there; it may be moved. */
  publish(file: string, record: FileRecord): Promise<void>;

  /** Writes a small text file. */
  write(path: string, text: string): Promise<void>;

  /** The text of a file, or undefined when there is none. */
  read(path: string): Promise<string | undefined>;

  /** Whether the lake holds exactly these bytes. */
  holds(record: FileRecord): Promise<boolean>;

  remove(path: string): Promise<void>;

  /**
   * Where programs of this machine find a file that the lake holds.
   *
   * @param scratch folder to bring it to, where the lake is elsewhere
   */
  local(record: FileRecord, scratch: string): Promise<string>;

  /**
   * Makes sure that a file is still the one that this run has published or found.
   *
   * @throws Failure retryable when another run has replaced it
   */
  confirm(path: string): Promise<void>;

  /** Names of the files and folders that are directly below a prefix, which ends in a slash. */
  names(prefix: string): Promise<readonly string[]>;
}
