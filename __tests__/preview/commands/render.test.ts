import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { renderCommand } from "../../../preview/commands/render";
import { create, keep, planJson, remove } from "../support/plan-json";
import { bucket } from "../support/small-app";

const folder = mkdtempSync(join(tmpdir(), "preview-render-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** Runs a command in this process, and returns its exit code and output. */
async function run(
  command: typeof renderCommand,
  ...options: readonly string[]
): Promise<[number | string | undefined, string]> {
  const before = process.exitCode;
  const printed: string[] = [];
  const spy = jest
    .spyOn(process.stdout, "write")
    .mockImplementation((text) => printed.push(String(text)) > 0);
  try {
    await command().exitOverride().parseAsync(options, { from: "user" });
    return [process.exitCode, printed.join("")];
  } finally {
    spy.mockRestore();
    process.exitCode = before;
  }
}

describe("render", () => {
  const unchanged = file("prod-network.json", planJson([keep("google_storage_bucket.b", bucket)]));
  const changed = file("change.prod-lake.json", planJson([create("google_pubsub_topic.t", { name: "t" })]));
  const guarded = file("guarded.json", planJson([remove("google_storage_bucket.b", bucket)]));

  test.each([
    ["no changes", [unchanged], 0],
    ["changes", [unchanged, changed], 2],
    ["a failed guard", [changed, guarded], 3],
    ["a file that is not a plan", [changed, file("broken.json", "{")], 1],
    ["a file that is missing", [join(folder, "missing.json")], 1],
  ])("has the exit code for %s", async (_name, plans, code) => {
    expect((await run(renderCommand, "--plan", ...plans))[0]).toBe(code);
  });

  test("takes the name of a stack from the option or the file name", async () => {
    const [, printed] = await run(renderCommand, "--plan", `own=${unchanged}`, changed, "--format", "json");
    const { stacks } = JSON.parse(printed) as { stacks: { name: string }[] };
    expect(stacks.map(({ name }) => name).sort()).toEqual(["own", "prod-lake"]);
  });

  test("rejects two plans of one stack, whose changes could not be told apart", async () => {
    await expect(run(renderCommand, "--plan", `own=${unchanged}`, `own=${changed}`)).rejects.toThrow(
      "several plans are named own; name their stacks: --plan <stack>=<file>",
    );
  });

  test.each([
    ["missing", "does not exist"],
    ["not SARIF", "is not valid SARIF"],
  ])("names the file with findings that is %s", async (name, message) => {
    const sarif = name === "missing" ? join(folder, "missing.sarif") : file("f.sarif", "{}");
    await expect(run(renderCommand, "--plan", unchanged, "--findings", sarif)).rejects.toThrow(
      `--findings ${sarif} ${message}`,
    );
  });

  test("writes several formats at once", async () => {
    const [json, junit] = [join(folder, "out", "report.json"), join(folder, "out", "report.xml")];
    const [, printed] = await run(
      renderCommand,
      "--plan",
      changed,
      "--format",
      "markdown",
      `json=${json}`,
      `junit=${junit}`,
    );
    expect(printed).toContain("## Plan preview");
    expect(JSON.parse(readFileSync(json, "utf8"))).toMatchObject({ verdict: "changed" });
    expect(readFileSync(junit, "utf8")).toContain("<testsuites");
  });

  test.each([
    ["an unknown format", ["pdf"], /"pdf" is not a valid format/],
    [
      "two formats on standard output",
      ["markdown", "json"],
      /only one format can be written to standard output/,
    ],
  ])("rejects %s", async (_name, formats, message) => {
    await expect(run(renderCommand, "--plan", changed, "--format", ...formats)).rejects.toThrow(message);
  });

  test.each([
    ["below /proc, where the recursive creation of folders does not return", "/proc/tributary/report.md"],
    ["below a file", join(unchanged, "report.md")],
    ["that is a folder", folder],
  ])("rejects an output file %s, before it reads the plans", async (_name, output) => {
    const plan = join(folder, "missing.json");
    await expect(run(renderCommand, "--plan", plan, "--format", `markdown=${output}`)).rejects.toThrow(
      `--format markdown=${output} `,
    );
  });

  test("rejects two formats in one file", async () => {
    const output = join(folder, "both");
    await expect(
      run(renderCommand, "--plan", changed, "--format", `markdown=${output}`, `json=${output}`),
    ).rejects.toThrow(`two formats would be written to ${output}`);
  });

  test.each(["google_storage_bucket.b", `google_storage_bucket.b@sha256:12`])(
    "rejects the incomplete entry --allow %s",
    async (entry) => {
      await expect(run(renderCommand, "--plan", guarded, "--allow", entry)).rejects.toThrow(
        `--allow ${entry} is not valid`,
      );
    },
  );

  test("reports an entry in a text that matches no change, complete or not", async () => {
    const stale = `google_x.y["a b"]@sha256:${"0".repeat(64)}`;
    const text = file(
      "description.md",
      `Because:\n\n--allow ${stale}: no longer used\n--allow google_x.z@sha256:12`,
    );
    const [code, printed] = await run(
      renderCommand,
      "--plan",
      guarded,
      "--allow-file",
      text,
      "--format",
      "json",
    );
    const { warnings } = JSON.parse(printed) as { warnings: string[] };
    expect(code).toBe(3);
    expect(warnings).toEqual([
      expect.stringContaining(`--allow ${stale} does not match`),
      expect.stringContaining("--allow google_x.z@sha256:12 does not match"),
    ]);
  });

  test("continues without a missing synthesized app, with a warning", async () => {
    const [code, printed] = await run(renderCommand, "--plan", changed, "--head", join(folder, "nowhere"));
    expect(code).toBe(2);
    expect(printed).toContain("does not exist");
  });
});
