import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { appears } from "../preview/support/cli";
import { SmallProject, terraformMissing } from "../preview/support/project";
import { describeUnless } from "../support/unless";

/** With real Terraform, and resources that need no provider. */
describeUnless(terraformMissing())("deploy and destroy with Terraform", () => {
  let project: SmallProject;
  beforeEach(() => {
    project = new SmallProject({});
  });
  afterEach(() => {
    project.remove();
  });

  const running = (command: string, dependencies: readonly string[] = []) => ({
    dependencies,
    resource: {
      terraform_data: {
        first: { input: 1 },
        it: { input: "${terraform_data.first.id}", provisioner: [{ "local-exec": { command } }] },
      },
    },
  });
  const state = (stack: string) => join(project.folder, `cdktf.out/stacks/${stack}/${stack}.tfstate`);
  const resources = (stack: string) =>
    existsSync(state(stack))
      ? (JSON.parse(readFileSync(state(stack), "utf8")) as { resources: { name: string }[] }).resources.map(
          ({ name }) => name,
        )
      : [];

  function start(...args: string[]) {
    const child = spawn(
      process.execPath,
      [join(__dirname, "../../dist/deploy-main.cjs"), ...args, "--auto-approve"],
      {
        cwd: project.folder,
        env: { ...process.env, PLATFORM_ENV: undefined },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    const output = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const)
      child[name].setEncoding("utf8").on("data", (text: string) => (output[name] += text));
    const ended = new Promise<{ exitCode: number | null; stdout: string; stderr: string }>((resolve) => {
      child.on("close", (exitCode) => {
        resolve({ exitCode, ...output });
      });
    });
    return { pid: child.pid ?? 0, ended };
  }

  test("a failure does not cut off a stack that is being made; the next run completes; destroy leaves nothing", async () => {
    project.stack("a_base", running("true"));
    project.stack("b_slow", running("sleep 2", ["a_base"]));
    project.stack("c_bad", running("echo quota of secret-7f3a is exceeded >&2; exit 1", ["a_base"]));
    project.stack("d_last", running("true", ["b_slow", "c_bad"]));
    const first = await start("deploy").ended;
    expect(first).toMatchObject({ exitCode: 1, stderr: "" });
    expect(first.stdout).toMatch(/\nDeployed: a_base, b_slow\nFailed: c_bad: .*local-exec provisioner error/);
    expect(first.stdout).toContain("\nNot started: d_last: c_bad failed\n");
    expect(resources("b_slow")).toEqual(["first", "it"]);
    expect(existsSync(join(project.folder, "cdktf.out/stacks/b_slow/.b_slow.tfstate.lock.info"))).toBe(false);

    project.stack("c_bad", running("true", ["a_base"]));
    const second = await start("deploy").ended;
    expect(second.stdout).toMatch(/c_bad +1 to (create|replace)/);
    expect(second.stdout).toContain("\nDeployed: c_bad, d_last\nUnchanged: a_base, b_slow\n");
    expect(second.exitCode).toBe(0);

    expect((await start("deploy").ended).stdout).toMatch(/Nothing to change\.\n$/);
    expect((await start("destroy").ended).stdout).toContain("\nDestroyed: d_last, c_bad, b_slow, a_base\n");
    expect(["a_base", "b_slow", "c_bad", "d_last"].flatMap(resources)).toEqual([]);
  }, 60_000);

  test("Ctrl-C keeps what was made in the state, and releases the lock", async () => {
    project.stack("a_slow", running(`touch ${project.folder}/started; sleep 60`));
    project.stack("b_last", running("true", ["a_slow"]));
    const deploying = start("deploy");
    await appears(join(project.folder, "started"), deploying);
    process.kill(deploying.pid, "SIGINT");
    const { exitCode, stdout } = await deploying.ended;
    expect(exitCode).toBe(130);
    expect(stdout).toContain("Not started: b_last: a_slow failed");
    expect(resources("a_slow")).toContain("first");
    project.stack("a_slow", running("true"));
    expect((await start("deploy").ended).exitCode).toBe(0);
  }, 60_000);

  test("the state moves to another backend with --migrate-state, and only with it", async () => {
    project.stack("a_base", running("true"));
    await start("deploy").ended;
    const moved = { ...running("true"), terraform: { backend: { local: { path: "moved.tfstate" } } } };
    project.stack("a_base", moved);
    const refused = await start("deploy").ended;
    expect(refused.exitCode).toBe(1);
    expect(refused.stdout).toContain("--stack <name> --migrate-state");
    const migrated = await start("deploy", "--stack", "a_base", "--migrate-state").ended;
    expect(migrated.stdout).toMatch(/a_base +no changes\nNothing to change\.\n$/);
    expect(migrated.exitCode).toBe(0);
  }, 60_000);

  test("a secret of the plan is in no line", async () => {
    project.stack("a_base", {
      variable: { password: { type: "string", sensitive: true, default: "hunter2-quite-long" } },
      resource: {
        terraform_data: {
          it: {
            input: "${var.password}",
            provisioner: [{ "local-exec": { command: "echo hunter2-quite-long >&2; exit 1" } }],
          },
        },
      },
    });
    const { exitCode, stdout, stderr } = await start("deploy").ended;
    expect(exitCode).toBe(1);
    expect(stdout + stderr).not.toContain("hunter2");
  });
});
