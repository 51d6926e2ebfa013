import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import type { Cleanups } from "../../job/cleanups";
import { asFailure, Failure } from "../../job/failure";
import { runProgram } from "../../programs/program";
import type { Spark } from "./environment";

/** A PySpark program on this machine. */
export interface SparkProgram {
  /** `spark/revenue.py` */
  readonly file: string;
  readonly args: readonly string[];
  /** Memory of Spark, in the form of Java: `1g`. */
  readonly memory: string;
  /** Folder for what Spark spills. */
  readonly scratch: string;
  /** Called with each line that the program prints. */
  readonly onLine: (line: string) => void;
}

/**
 * Runs a program in a Spark of its own, on all cores of this machine.
 *
 * @param cleanups ends the program when the process is stopped
 * @throws Failure when it fails: retryable if the disk is full, otherwise permanent, with what Spark said
 */
export async function runSparkProgram(
  { python, env }: Spark,
  { file, args, memory, scratch, onLine }: SparkProgram,
  cleanups: Cleanups,
): Promise<void> {
  await mkdir(scratch, { recursive: true });
  const { exitCode, stderr } = await runProgram(python, [resolve(file), ...args], {
    cwd: scratch,
    env: { ...env, SPARK_LOCAL_DIRS: resolve(scratch), PYSPARK_SUBMIT_ARGS: submitArguments(memory) },
    onLine,
    onStart: (child) => {
      cleanups.add(async () => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        // Java ends with Python, whose end closes its standard input.
        child.kill("SIGTERM");
        const late = setTimeout(() => child.kill("SIGKILL"), 5000);
        await new Promise((ended) => child.once("close", ended));
        clearTimeout(late);
      });
    },
  });
  if (exitCode !== 0) throw failureOf(stderr, exitCode);
}

/** No web page on a port: another Spark on this machine may have it. */
function submitArguments(memory: string): string {
  const settings = ["spark.ui.enabled=false", "spark.ui.showConsoleProgress=false"];
  return [
    ...["--master", "local[*]", "--driver-memory", memory],
    ...settings.flatMap((setting) => ["--conf", setting]),
    "pyspark-shell",
  ].join(" ");
}

function failureOf(stderr: string, exitCode: number): Failure {
  if (/OutOfMemoryError/.test(stderr))
    return new Failure("permanent", "Spark has too little memory: run again with --memory 4g, or more");
  const said = causeIn(stderr) ?? `it ended with exit code ${exitCode}`;
  return asFailure(new Error(said), "Spark").at("Spark");
}

/** The innermost cause in Java's stack trace, or else Python's error, without the stack traces. */
function causeIn(stderr: string): string | undefined {
  const lines = stderr.split("\n").map((line) => line.trim());
  const java = lines.filter((line) => line.startsWith("Caused by: ")).at(-1);
  const python = lines.filter((line) => /^([\w.]+(Error|Exception)\b|\w+\.py: error)/.test(line)).at(-1);
  return java?.slice("Caused by: ".length) ?? python ?? lines.filter((line) => line !== "").at(-1);
}
