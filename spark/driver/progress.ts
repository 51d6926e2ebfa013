import { secondsText } from "../../job/text";

/** Lines about a run, and on a terminal how long the current step takes. */
export interface Progress {
  readonly line: (text: string) => void;
  /** Shows what is being waited for, until it ends. */
  readonly during: <Result>(what: string, work: Promise<Result>) => Promise<Result>;
  readonly close: () => void;
}

/** Steps that are shorter are not worth a line. */
const shortest = 500;

/** Progress on standard error. */
export function progressOn(stream: NodeJS.WriteStream): Progress {
  let running: NodeJS.Timeout | undefined;
  const clear = () => {
    if (stream.isTTY) stream.write("\r\u001b[K");
  };
  const close = () => {
    if (running === undefined) return;
    // Ends a timeout too.
    clearInterval(running);
    running = undefined;
    clear();
  };
  const line = (text: string) => {
    clear();
    stream.write(`${text}\n`);
  };
  const during = async <Result>(what: string, work: Promise<Result>): Promise<Result> => {
    const started = performance.now();
    const seconds = () => (performance.now() - started) / 1000;
    const tick = () => {
      stream.write(`\r\u001b[K  ${what}  ${Math.floor(seconds())} s`);
    };
    const once = () => {
      stream.write(`${what} ...\n`);
    };
    running = stream.isTTY ? setInterval(tick, shortest) : setTimeout(once, shortest);
    try {
      return await work;
    } finally {
      close();
      if (stream.isTTY && seconds() * 1000 > shortest) stream.write(`  ${what}  ${secondsText(seconds())}\n`);
    }
  };
  return { line, during, close };
}
