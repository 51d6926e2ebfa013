import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { loadCatalog } from "../fixtures/catalog";
import { allExitCodes, codesFor, type ExitCode, exitCodes } from "../../dataset";
import { asFailure, Failure } from "../../job/failure";
import { main } from "../../job/cli";
import { roundSubworkflow } from "../../workflows/round";
import { loadEnvironment } from "../fixtures/config";
import { synthesized } from "../../scripts/synthesized";

const text = (file: string) => readFileSync(join(__dirname, "../..", file), "utf8");

/** Repeats the numbers: they are a contract with everything that runs the job. */
test("exit codes are 0 done, 1 permanent, 2 retryable, 3 integrity, 4 drift, 5 skipped", () => {
  const numbers = Object.entries(exitCodes).map(([kind, { code }]) => [kind, code]);
  expect(numbers).toEqual([
    ["done", 0],
    ["permanent", 1],
    ["retryable", 2],
    ["integrity", 3],
    ["drift", 4],
    ["skipped", 5],
  ]);
});

test("Failure has the exit code of its kind", () => {
  expect(new Failure("drift", "x").exitCode).toBe(exitCodes.drift.code);
  expect(asFailure(Object.assign(new Error("full"), { code: "ENOSPC" })).exitCode).toBe(
    exitCodes.retryable.code,
  );
});

test("README has a table with the meaning of and advice on every exit code", () => {
  const rows = [...text("README.md").matchAll(/^\| (\d) +\| (.*?) +\| (.*?) *\|$/gm)].map(
    ([, code, meaning, advice]) => ({ code: Number(code), meaning, advice }),
  );
  expect(rows).toEqual(allExitCodes.map(({ code, meaning, advice }) => ({ code, meaning, advice })));
});

test("ingest --help lists every exit code with its meaning", async () => {
  const written: string[] = [];
  const write = jest.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    written.push(String(chunk));
    return true;
  });
  await main(["--help"]).finally(() => {
    write.mockRestore();
  });
  for (const { code, meaning } of allExitCodes) expect(written.join("")).toContain(`  ${code}  ${meaning}`);
});

test("pipeline workflow handles every exit code: it retries, stops, or names the period", () => {
  const steps = JSON.stringify(roundSubworkflow(1));
  const failing = allExitCodes.filter(({ code }: ExitCode) => code !== exitCodes.done.code);
  for (const { code, title } of failing) expect(steps).toContain(`"${code}":"${title}"`);
  for (const code of codesFor("retry")) expect(steps).toContain(`code == ${code}}`);
  for (const reaction of ["stop", "skip"] as const)
    expect(steps).toContain(`code in [${codesFor(reaction).join(", ")}]`);
});

test("alert on a failed ingestion explains every exit code", () => {
  const stacks = synthesized({ environment: loadEnvironment("dev"), catalog: loadCatalog() });
  const policies = z
    .record(z.string(), z.looseObject({ documentation: z.object({ content: z.string() }) }))
    .parse(stacks.get("dev-orchestration")?.resource["google_monitoring_alert_policy"]);
  const guidance = Object.values(policies).map(({ documentation }) => documentation.content);
  const explained = guidance.filter((content) =>
    allExitCodes.every(({ code, title }) => code === 0 || content.includes(`${code} ${title}`)),
  );
  expect(explained).toHaveLength(1);
});
