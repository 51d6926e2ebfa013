import { type Options, SingleBar } from "cli-progress";

/**
 * A started progress bar, which disappears when it ends.
 *
 * @param format of cli-progress, with `{bar}` and the names of `values`
 */
export function progressBar(
  stream: NodeJS.WriteStream,
  format: string,
  { total, done = 0, values = {} }: BarStart,
  more: Options = {},
): SingleBar {
  const bar = new SingleBar({
    stream,
    format: `    ${format}`,
    barsize: 24,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    clearOnComplete: true,
    hideCursor: true,
    linewrap: false,
    ...more,
  });
  bar.start(total, done, values);
  return bar;
}

/** What a bar shows first. */
export interface BarStart {
  readonly total: number;
  /** @default 0 */
  readonly done?: number;
  /** @default - the format has no other names */
  readonly values?: Readonly<Record<string, string>>;
}
