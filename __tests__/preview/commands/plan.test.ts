import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { allowances } from "../../../preview/commands/side-options";
import type { Report } from "../../../preview/report";
import { describeUnless } from "../../support/unless";
import { appears, preview, startPreview } from "../support/cli";
import { processesWith } from "../support/processes";
import { dataStack, SmallProject, terraformMissing, withoutTerraform } from "../support/project";

// A separate folder for temporary files shows which files a command leaves behind.
const temporary = mkdtempSync(join(tmpdir(), "plan-"));
process.env["TMPDIR"] = temporary;
afterAll(() => {
  rmSync(temporary, { recursive: true });
});

let project: SmallProject;
beforeEach(() => {
  project = new SmallProject({
    lake: dataStack({ bucket: "one" }),
    warehouse: { ...dataStack({ table: "one" }), dependencies: ["lake"] },
  });
});
afterEach(() => {
  project.remove();
  expect(readdirSync(temporary)).toEqual([]);
});

const plan = (...args: string[]) => preview(project.folder, ["plan", ...args]);

function reportIn(file: string): Report {
  return JSON.parse(readFileSync(join(project.folder, file), "utf8")) as Report;
}

describeUnless(terraformMissing())("plan", () => {
  test("plans all stacks against their states, in several formats", async () => {
    project.commit();
    const { exitCode, stdout } = await plan(
      "--format",
      "markdown",
      "json=out/report.json",
      "html=out/report.html",
    );
    expect(exitCode).toBe(2);
    expect(stdout).toContain("2 to create");
    expect(reportIn("out/report.json")).toMatchObject({
      truth: "state",
      counts: { create: 2 },
      stacks: [
        { name: "lake", status: "changed" },
        { name: "warehouse", status: "changed", dependencies: ["lake"] },
      ],
    });
    expect(readFileSync(join(project.folder, "out/report.html"), "utf8")).toContain("<!doctype html>");
    expect(existsSync(join(project.folder, "cdktf.out"))).toBe(false);
  });

  test("reports changes, causes and commits without credentials", async () => {
    const base = project.commit();
    project.stack("lake", dataStack({ bucket: "two" }));
    const head = project.commit();
    const { exitCode } = await plan("--no-credentials", "--base", base, "--format", "json=report.json");
    expect(exitCode).toBe(2);
    expect(reportIn("report.json")).toMatchObject({
      truth: "base",
      commits: { base, head },
      counts: { create: 0, update: 1, replace: 0 },
      stacks: [{ status: "changed" }, { status: "unchanged" }],
      groups: [{ cause: "stacks/lake.json", members: [{ stack: "lake", address: "terraform_data.bucket" }] }],
    });
  });

  test("compares a branch with its merge base by default", async () => {
    const base = project.commit();
    project.git("checkout", "--quiet", "-b", "topic");
    project.stack("lake", dataStack({ bucket: "two" }));
    await plan("--no-credentials", "--format", "json=report.json");
    expect(reportIn("report.json").commits).toEqual({ base });
    expect(reportIn("report.json").counts).toMatchObject({ update: 1 });
  });

  test("reports a removed and a new stack, with base as a folder", async () => {
    const before = new SmallProject({ lake: dataStack({ bucket: "one" }), old: dataStack({ x: 1 }) });
    try {
      await plan("--no-credentials", "--base", before.folder, "--format", "json=report.json");
      expect(reportIn("report.json").stacks).toMatchObject([
        { name: "lake", status: "unchanged" },
        { name: "warehouse", status: "changed", isNew: true },
        { name: "old", status: "gone" },
      ]);
    } finally {
      before.remove();
    }
  });

  test("reports a stack that errored next to the others, and does not use an older plan", async () => {
    const keep = join(project.folder, "kept");
    project.commit();
    await plan("--keep", keep);
    expect(existsSync(join(keep, "stacks/lake/plan.json"))).toBe(true);
    project.stack("lake", { resource: { terraform_data: { bucket: { nonsense: 1 } } } });
    const { exitCode, stdout } = await plan("--keep", keep, "--format", "markdown", "json=report.json");
    expect(exitCode).toBe(1);
    expect(stdout).toContain("No argument or block type is named");
    expect(stdout).not.toMatch(/no changes/i);
    expect(reportIn("report.json").stacks).toMatchObject([{ status: "errored" }, { status: "changed" }]);
    expect(existsSync(join(keep, "stacks/lake/plan.json"))).toBe(false);
  });

  test("reports a failed init as an error of its stack", async () => {
    project.stack("lake", { terraform: { backend: { nonsense: {} } }, ...dataStack({ bucket: 1 }) });
    const { exitCode, stdout } = await plan("--format", "markdown");
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/`lake` \| errored \| .*terraform init failed: Unsupported backend type/);
    expect(stdout).toMatch(/`warehouse` \| changed/);
  });

  test("reports that a stack is blocked if it reads outputs of a stack that is not deployed", async () => {
    const name = "cross-stack-reference-input-lake";
    project.stack("lake", { ...dataStack({ bucket: 1 }), output: { o: { value: 1 } } });
    project.stack("warehouse", {
      ...dataStack({ table: `\${data.terraform_remote_state.${name}.outputs.o}` }),
      data: { terraform_remote_state: { [name]: { backend: "local", config: { path: "nowhere.tfstate" } } } },
      dependencies: ["lake"],
    });
    await plan("--format", "json=report.json");
    expect(reportIn("report.json").stacks).toMatchObject([
      { name: "lake", status: "changed" },
      { name: "warehouse", status: "blocked", detail: "waits for lake" },
    ]);
  });

  test("uses the local state file of a stack in cdktf.out", async () => {
    mkdirSync(join(project.folder, "cdktf.out/stacks/lake"), { recursive: true });
    const state = {
      version: 4,
      terraform_version: "1.5.0",
      serial: 1,
      lineage: "x",
      outputs: {},
      resources: [],
    };
    const bucket = {
      ...{ mode: "managed", type: "terraform_data", name: "bucket" },
      provider: 'provider["terraform.io/builtin/terraform"]',
      instances: [{ schema_version: 0, attributes: { id: "x", input: { value: "old", type: "string" } } }],
    };
    writeFileSync(
      join(project.folder, "cdktf.out/stacks/lake/lake.tfstate"),
      JSON.stringify({ ...state, resources: [bucket] }),
    );
    await plan("--format", "json=report.json", "--stack", "lake");
    expect(reportIn("report.json").counts).toMatchObject({ create: 0, update: 1 });
  });

  test("plans the output of synth in another folder with its causes, unless it is unsafe", async () => {
    const base = project.commit();
    project.stack("lake", dataStack({ bucket: "two" }));
    const written = await preview(project.folder, ["synth", "--base", base, "--output", "synthesized"], {
      PATH: withoutTerraform(project.folder),
    });
    expect(written).toMatchObject({ exitCode: 0, stderr: "" });
    const elsewhere = new SmallProject({});
    try {
      const from = join(project.folder, "synthesized");
      const args = ["plan", "--synthesized", from, "--no-credentials", "--head-commit", "f".repeat(40)];
      // The small project uses local state files, which are not allowed in untrusted stacks.
      const dangerous = await preview(elsewhere.folder, args);
      expect(dangerous.stderr).toContain("lake uses the backend local");
      for (const side of ["base", "head"])
        for (const stack of ["lake", "warehouse"]) {
          const file = join(from, side, "stacks", stack, "cdk.tf.json");
          const json = JSON.parse(readFileSync(file, "utf8")) as object;
          writeFileSync(file, JSON.stringify({ ...json, terraform: undefined }));
        }
      const { exitCode, stdout } = await preview(elsewhere.folder, args);
      expect(stdout).toContain("Because of `stacks/lake.json`");
      expect(stdout).toContain("f".repeat(40));
      expect(exitCode).toBe(2);
      expect(
        await preview(project.folder, ["synth", "--base", base, "--output", "synthesized"]),
      ).toMatchObject({
        exitCode: 1,
        stderr: "synthesized is not empty; specify a new folder\n",
      });
    } finally {
      elsewhere.remove();
    }
  });
});

test("plan reads allowed changes from a text in the format of the preview", () => {
  const entry = `google_storage_bucket.lake["a"]@sha256:${"0".repeat(64)}`;
  project.write("body.md", `Drops the lake.\n\n- \`--allow ${entry}\` is agreed\n--allow <address>@sha256:x`);
  const allowFile = join(project.folder, "body.md");
  const one = `terraform_data.one@sha256:${"1".repeat(64)}`;
  expect(allowances({ allow: [one], allowFile })).toEqual([one, entry]);
  expect(allowances({ allow: [one] })).toEqual([one]);
  expect(() => allowances({ allow: ["one"] })).toThrow("--allow one is not valid: copy the entry");
});

describe("plan reports in one sentence", () => {
  const complains = async (args: readonly string[], message: RegExp, env: Record<string, string> = {}) => {
    const { exitCode, stdout, stderr } = await preview(project.folder, args, env);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n {4}at /);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  };

  test("that Terraform is not installed", () =>
    complains(["plan"], /^terraform is not installed; see https:.*preview -- diff/, {
      PATH: withoutTerraform(project.folder),
    }));

  const withTerraform = describeUnless(terraformMissing());
  withTerraform("if Terraform is installed", () => {
    test("an unknown environment", () =>
      complains(
        ["plan", "--env", "typo"],
        /^head cannot be synthesized: PLATFORM_ENV is "typo"; there are dev, prod$/m,
      ));
    test("an unknown stack", () =>
      complains(["plan", "--stack", "lak"], /^stack "lak" does not exist; available: lake, warehouse$/m));
    test("an unknown base", () =>
      complains(["plan", "--base", "nonsense"], /^"nonsense" is neither a folder .* nor a commit/));
    test("a folder that is not a project", () =>
      complains(
        ["plan", "--head", dirname(project.folder)],
        /contains neither cdktf\.json nor manifest\.json/,
      ));
    test("an invalid cdktf.json", () => {
      project.write("cdktf.json", "{broken");
      return complains(["plan"], /cdktf\.json is not valid JSON: /);
    });
    test("that a required base is missing", () =>
      complains(["plan", "--no-credentials"], /^no main branch to compare with/));
    test("the error of the app", () => {
      project.write("app.cjs", "console.error('config/prod.ts: region is missing'); process.exit(1)");
      return complains(["plan"], /^head cannot be synthesized: config\/prod\.ts: region is missing$/m);
    });
    test("an unknown format", () => complains(["plan", "--format", "pdf"], /"pdf" is not a valid format/));
    test("an unknown option", () => complains(["plan", "--frmat"], /unknown option '--frmat'/));
  });
});

test("plan stops all processes and deletes all files after Ctrl-C", async () => {
  const bin = join(project.folder, "bin");
  const marker = `sleep-${Date.now()}`;
  mkdirSync(bin);
  // A slow Terraform with a plugin, which records each interrupt.
  writeFileSync(
    join(bin, "slow-terraform"),
    `#!/usr/bin/env bash
     if [ "$1" = version ]; then echo '{"terraform_version": "1.11.4", "platform": "linux_amd64"}'; exit; fi
     touch ${project.folder}/started
     trap 'echo interrupt >> ${project.folder}/interrupts; kill $!; exit 1' INT
     ${process.execPath} -e 'setInterval(() => {}, 1000)' ${marker} &
     ${process.execPath} -e 'process.on("SIGINT", () => {}); setInterval(() => {}, 1000)' ${marker} &
     wait $!`,
  );
  chmodSync(join(bin, "slow-terraform"), 0o755);
  const env = { TERRAFORM_BINARY_NAME: join(bin, "slow-terraform") };
  const running = startPreview(project.folder, ["plan", "--stack", "lake"], env);
  await appears(join(project.folder, "started"), running);
  await setTimeout(200);
  // A terminal and npm both forward the signal.
  process.kill(running.pid, "SIGINT");
  process.kill(running.pid, "SIGINT");
  expect(await running.ended).toMatchObject({ exitCode: 130, stdout: "" });
  expect(readFileSync(join(project.folder, "interrupts"), "utf8")).toBe("interrupt\n");
  expect(processesWith(marker)).toEqual([]);
});
