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
    // By name the other way round than by what they need.
    project.stack("a_jobs", { ...noting("jobs"), dependencies: ["b_lake"] });
    project.stack("b_lake", noting("lake"));
  });
  afterEach(() => {
    project.remove();
  });

  /** A resource whose apply leaves a line in a file. */
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
  test("applies what was reviewed, in the order of the stacks, and nothing is left to change", async () => {
    const { digest } = await reviewed();
    const { exitCode, stdout, stderr } = await deploy(digest);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(/b_lake: terraform_data\.it: Creat[^]*a_jobs: terraform_data\.it: Creat/);
    expect(stdout).toMatch(/\nApplied: b_lake, a_jobs\.\n$/);
    expect(log()).toEqual(["lake", "jobs"]);
    expect((await reviewed()).verdict).toBe("none");
  });

  test("refuses when the code has changed since", async () => {
    const { digest } = await reviewed();
    project.stack("b_lake", noting("other"));
    const { exitCode, stderr } = await deploy(digest);
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(
      /^Nothing was applied: the plan is not the one that was reviewed: its digest is sha256:/,
    );
    expect(log()).toEqual([]);
  });

  test("refuses when the state has changed since", async () => {
    const { digest } = await reviewed();
    const own = await reviewed("--stack", "b_lake");
    expect((await deploy(digest, "--stack", "b_lake")).exitCode).toBe(3);
    expect((await deploy(own.digest, "--stack", "b_lake")).exitCode).toBe(0);
    expect((await deploy(digest)).exitCode).toBe(3);
    expect(log()).toEqual(["lake"]);
  });

  test("refuses when a stack has come, has gone, or cannot be planned", async () => {
    const { digest } = await reviewed();
    project.stack("d_new", noting("new"));
    expect((await deploy(digest)).exitCode).toBe(3);
    project.removeFile("stacks/d_new.json");
    project.stack("b_lake", { resource: { terraform_data: { it: { nonsense: 1 } } } });
    const { exitCode, stderr } = await deploy(digest);
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      "Nothing was applied: b_lake: without a plan there is nothing that could have been reviewed\n",
    );
    expect(log()).toEqual([]);
  });

  test("stops at the first stack that fails, and says what is applied and what is not", async () => {
    project.stack("b_lake", running("echo out of quota >&2; exit 1"));
    const { digest } = await reviewed();
    const { exitCode, stdout } = await deploy(digest);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("out of quota");
    expect(stdout).toMatch(
      /\nNothing was applied\. Failed: b_lake, whose changes may be made in part\. Not begun: a_jobs\. What is left has another digest: review and deploy it anew\.\n$/,
    );
    expect(log()).toEqual([]);
  });

  test.each(["", "sha256:123"])("a digest such as %p is refused before anything is planned", async (text) => {
    const { exitCode, stderr } = await deploy(text);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: `"${text}" is not a valid digest: take it whole from the preview, sha256: and 64 hexadecimal digits\n`,
    });
  });

  test("Ctrl-C during an apply: Terraform shuts down gracefully, its state is kept, the next stack is not begun", async () => {
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
    expect(stdout).toMatch(/Failed: b_lake.* Not begun: a_jobs\./);
    expect(exitCode).toBe(130);
    expect(readFileSync(join(project.folder, "cdktf.out/stacks/b_lake/b_lake.tfstate"), "utf8")).toContain(
      '"name": "first"',
    );
    expect(processesWith(marker)).toEqual([]);
    expect(log()).toEqual([]);
  });
});
