import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Cleanups } from "../../job/cleanups";
import { runSparkProgram } from "../../spark/driver/run-program";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "tributary-spark-"))));
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Runs a program that only prints what Spark would print, and fails. */
function failing(stderr: string): Promise<void> {
  const file = join(folder, "program.sh");
  writeFileSync(file, `cat >&2 <<'END'\n${stderr}\nEND\nexit 1\n`);
  const program = { file, args: [], memory: "1g", scratch: join(folder, "scratch"), onLine: () => undefined };
  return runSparkProgram({ python: "/bin/sh", env: process.env }, program, new Cleanups());
}

test("the innermost cause in Java is what failed", async () => {
  const trace = [
    "Traceback (most recent call last):",
    "py4j.protocol.Py4JJavaError: An error occurred while calling o1.parquet.",
    "\tat java.base/java.lang.Thread.run(Thread.java:840)",
    "Caused by: org.apache.spark.SparkException: Task failed",
    "Caused by: java.lang.RuntimeException: file:/lake/a.parquet is not a Parquet file",
    "\t... 1 more",
  ].join("\n");
  await expect(failing(trace)).rejects.toMatchObject({
    kind: "permanent",
    message: "Spark: java.lang.RuntimeException: file:/lake/a.parquet is not a Parquet file",
  });
});

test("a full disk is a transient error", async () => {
  await expect(failing("Caused by: java.io.IOException: No space left on device")).rejects.toMatchObject({
    kind: "retryable",
    message: expect.stringContaining("the disk is full") as unknown,
  });
});

test("too little memory: the message says which option helps", async () => {
  await expect(failing("java.lang.OutOfMemoryError: Java heap space")).rejects.toMatchObject({
    kind: "permanent",
    message: "Spark has too little memory: run again with --memory 4g, or more",
  });
});

test("an error of Python, without its stack trace; and without any, the exit code", async () => {
  await expect(
    failing(
      'Traceback (most recent call last):\n  File "revenue.py"\npyspark.errors.AnalysisException: no column',
    ),
  ).rejects.toThrow("Spark: pyspark.errors.AnalysisException: no column");
  await expect(failing("")).rejects.toThrow("Spark: it ended with exit code 1");
});
