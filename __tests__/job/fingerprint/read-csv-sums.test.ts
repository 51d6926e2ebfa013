import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { csvSums } from "../../../job/fingerprint/csv-sums";
import { runProgram } from "../../../programs/program";
import { cleanUp, newFolder, project } from "../integration/support";

afterAll(cleanUp);

const options = {
  dialect: { delimiter: 44, quote: 34 },
  nullValues: [""],
  types: ["INTEGER", "NUMERIC", "STRING"] as const,
};

test("the bundled job reads in a thread, and finds what the main thread would find", async () => {
  const folder = newFolder();
  const file = join(folder, "rows.csv");
  writeFileSync(file, Array.from({ length: 5_000 }, (_, row) => `${row},${row}.5,"a\n${row}"\n`).join(""));
  // The thread's program is inside the bundle: nothing is left of the name that stands for it.
  const bundle = readFileSync(join(project, "dist/job-main.cjs"), "utf8");
  expect(bundle).not.toContain("CSV_THREAD");
  const end = bundle.search(/, ?\{ ?eval: ?(true|!0)/);
  const text = bundle.slice(bundle.lastIndexOf("Worker(", end) + "Worker(".length, end);
  mkdirSync(join(folder, "thread"));
  const main = join(folder, "thread", "main.cjs");
  writeFileSync(
    main,
    `const thread = new (require("node:worker_threads").Worker)(${text}, { eval: true });
     thread.once("message", ({ sums, ...counts }) => console.log(JSON.stringify({ ...counts, sums: sums.map(({ sum }) => String(sum)) })));
     thread.postMessage(${JSON.stringify({ file, options })});`,
  );
  const { stdout, stderr } = await runProgram(process.execPath, [main]);
  expect(stderr).toBe("");
  const { sums, ...counts } = csvSums(file, options);
  expect(counts.rows).toBe(5_000);
  expect(JSON.parse(stdout)).toEqual({ ...counts, sums: sums.map(({ sum }) => String(sum)) });
});
