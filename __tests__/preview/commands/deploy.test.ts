import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "../../../preview/report";
import { describeUnless } from "../../support/unless";
import { appears, preview, startPreview } from "../support/cli";
import { processesWith } from "../support/processes";
import { SmallProject, terraformMissing } from "../support/project";

describeUnless(terraformMissing())("deploy", () => {
  let project: SmallProject;
  beforeEach(() => {
    project = new SmallProject({ c_same: { locals: { a: 1 } } });
    // The order by name differs from the order of dependencies.
    project.stack("a_jobs", { ...noting("jobs"), dependencies: ["b_lake"] });
    project.stack("b_lake", noting("lake"));
  });
  afterEach(() => {
    project.remove();
  });

  /** A resource whose apply appends a line to a file. */
  const noting = (input: string) => running(`echo ${input} >> ${project.folder}/applied`, input);
  const running = (command: string, input = "1") => ({
    resource: { terraform_data: { it: { input, provisioner: [{ "local-exec": { command } }] } } },
  });

  async function reviewed(...more: string[]): Promise<Report> {
    await preview(project.folder, ["plan", "--format", "json=report.json", ...more]);
    return JSON.parse(readFileSync(join(project.folder, "report.json"), "utf8")) as Report;
  }
  const deploy = (expect: string, ...more: string[]) =>
    preview(project.folder, ["deploy", "--expect", expect, ...more]);
  const log = () => {
    const file = join(project.folder, "applied");
    return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  };
  test("applies the reviewed plans in the order of the stacks, so that no changes remain", async () => {
    const { digest } = await reviewed();
    const { exitCode, stdout, stderr } = await deploy(digest);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(/b_lake: terraform_data\.it: Creat[^]*a_jobs: terraform_data\.it: Creat/);
    expect(stdout).toMatch(/\nApplied: b_lake, a_jobs\.\n$/);
    expect(log()).toEqual(["lake", "jobs"]);
    expect((await reviewed()).verdict).toBe("none");
  });

  test("rejects a plan if the code has changed", async () => {
    const { digest } = await reviewed();
    project.stack("b_lake", noting("other"));
    const { exitCode, stderr } = await deploy(digest);
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(
      /^Nothing was applied: the plan differs from the reviewed plan: its digest is sha256:/,
    );
    expect(log()).toEqual([]);
  });

  test("rejects a plan if the state has changed", async () => {
    const { digest } = await reviewed();
    const own = await reviewed("--stack", "b_lake");
    expect((await deploy(digest, "--stack", "b_lake")).exitCode).toBe(3);
    expect((await deploy(own.digest, "--stack", "b_lake")).exitCode).toBe(0);
    expect((await deploy(digest)).exitCode).toBe(3);
    expect(log()).toEqual(["lake"]);
  });

  test("rejects a plan if a stack is new, removed, or cannot be planned", async () => {
    const { digest } = await reviewed();
    project.stack("d_new", noting("new"));
    expect((await deploy(digest)).exitCode).toBe(3);
    project.removeFile("stacks/d_new.json");
    project.stack("b_lake", { resource: { terraform_data: { it: { nonsense: 1 } } } });
    const { exitCode, stderr } = await deploy(digest);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^b_lake: .*nonsense.*\nNothing was applied: no plan for b_lake\n$/);
    expect(log()).toEqual([]);
  });

  test("stops at the first stack that fails, and reports what was applied", async () => {
    project.stack("b_lake", running("echo out of quota >&2; exit 1"));
    const { digest } = await reviewed();
    const { exitCode, stdout } = await deploy(digest);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("out of quota");
    expect(stdout).toMatch(
      /\nNothing was applied\. Failed: b_lake; changes may be partially applied\. Not started: a_jobs\. The remaining changes have a new digest: review and deploy them again\.\n$/,
    );
    expect(log()).toEqual([]);
  });

  test.each(["", "sha256:123"])("rejects the invalid digest %p before planning", async (text) => {
    const { exitCode, stderr } = await deploy(text);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: `"${text}" is not a valid digest: copy it from the preview, sha256: followed by 64 hexadecimal digits\n`,
    });
  });

  test("waits after Ctrl-C until Terraform has saved its state, and does not start the next stack", async () => {
    const marker = `600.${Date.now()}`;
    const slow = { command: `touch ${project.folder}/started; sleep ${marker}` };
    project.stack("b_lake", {
      resource: {
        terraform_data: {
          first: { input: 1 },
          slow: { input: "${terraform_data.first.id}", provisioner: [{ "local-exec": slow }] },
        },
      },
    });
    const { digest } = await reviewed();
    const deploying = startPreview(project.folder, ["deploy", "--expect", digest]);
    await appears(join(project.folder, "started"), deploying);
    process.kill(deploying.pid, "SIGINT");
    const { exitCode, stdout } = await deploying.ended;
    expect(stdout).toMatch(/Failed: b_lake.* Not started: a_jobs\./);
    expect(exitCode).toBe(130);
    expect(readFileSync(join(project.folder, "cdktf.out/stacks/b_lake/b_lake.tfstate"), "utf8")).toContain(
      '"name": "first"',
    );
    expect(processesWith(marker)).toEqual([]);
    expect(log()).toEqual([]);
  });
});
