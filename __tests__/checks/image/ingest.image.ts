/** `npm run test:image`: builds the ingest image without a daemon, and runs it as Cloud Run does. */
import { mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { writeBase } from "../../../checks/image/base";
import { type Container, type ImageConfig, runContainer } from "../../../checks/image/container";
import { readRunSummary } from "../../../job/run-summary";
import { buildImage } from "../../../scripts/image/builder";
import { billFile, writeContext } from "../../../scripts/image/context";
import { runProgram } from "../../../programs/program";
import { type Cloud, missingCloud, startCloud } from "../../job/cloud/support";
import { cleanUp, newFolder, onCleanUp, serve } from "../../job/integration/support";
import { csv, rows } from "../../job/integration/yellow";
import { describeUnless } from "../../support/unless";
import { spawnSync } from "node:child_process";

jest.setTimeout(180_000);

const unprivileged = "65532:65532";

/** Why the image cannot be built and run on this machine, or undefined. */
function missingImage(): string | undefined {
  if (process.platform !== "linux" || process.arch !== "x64") return "the image is for Linux on x64 only";
  if (process.getuid?.() !== 0) return "only root can run a container without an engine";
  const { status } = spawnSync("buildah", ["--version"]);
  return status === 0 ? missingCloud() : "buildah is not installed (on Debian, run apt-get install buildah)";
}

const manifest = z.object({ layers: z.array(z.object({ size: z.number() })) });
const inspected = z.object({
  OCIv1: z.object({
    config: z.object({ User: z.string(), Entrypoint: z.array(z.string()), WorkingDir: z.string() }),
  }),
});
const bill = z.object({ components: z.array(z.object({ name: z.string() })) });

/** Least time in which Node starts here: 0.04 to 0.06 s, more on a slow or busy machine. */
function secondsToStartNode(): number {
  const seconds = Array.from({ length: 5 }, () => {
    const began = performance.now();
    spawnSync(process.execPath, ["-e", ""]);
    return (performance.now() - began) / 1000;
  });
  return Math.min(...seconds);
}

describeUnless(missingImage())("ingest image", () => {
  let cloud: Cloud;
  let folder: string;
  let root: string;
  let image: ImageConfig;

  const buildah = async (...args: readonly string[]) => {
    const { exitCode, stdout, stderr } = await runProgram("buildah", [...storage, ...args]);
    if (exitCode !== 0) throw new Error(`buildah ${args.join(" ")} failed:\n${stderr}`);
    return stdout.trim();
  };
  let storage: readonly string[] = [];

  beforeAll(async () => {
    cloud = await startCloud("dev");
    folder = newFolder();
    const place = mkdtempSync(join(folder, "buildah-"));
    storage = ["--storage-driver", "vfs", "--root", join(place, "root"), "--runroot", join(place, "run")];
    const [base, context] = [join(folder, "base"), join(folder, "context")];
    await writeBase(base);
    expect(await writeContext(context)).toBeUndefined();
    for (const build of [
      { tag: "localhost/base", folder: base },
      { tag: "localhost/ingest", folder: context, base: "localhost/base" },
    ]) {
      const { exitCode, stderr } = await buildImage("buildah", { ...build, options: storage });
      expect({ exitCode, stderr: exitCode === 0 ? "" : stderr }).toEqual({ exitCode: 0, stderr: "" });
    }
    const container = await buildah("from", "localhost/ingest");
    root = await buildah("mount", container);
    onCleanUp(() => buildah("rm", "--all"));
    const { OCIv1 } = inspected.parse(
      JSON.parse(await buildah("inspect", "--type", "image", "localhost/ingest")),
    );
    const { User: user, Entrypoint: entrypoint, WorkingDir: workingDir } = OCIv1.config;
    image = { user, entrypoint, workingDir };
  });
  afterAll(cleanUp);

  /** The Cloud Run job of yellow taxis, as the ingestion stack configures it, in the image. */
  const run = (args: readonly string[], more: Readonly<Record<string, string>> = {}): Container =>
    runContainer(root, image, args, { ...cloud.environment, ...more });

  test("is small enough to start fast: at most 70 MB compressed", async () => {
    const archive = join(folder, "oci");
    mkdirSync(archive);
    await buildah("push", "localhost/ingest", `oci:${archive}`);
    const { manifests } = z
      .object({ manifests: z.tuple([z.object({ digest: z.string() })]) })
      .parse(JSON.parse(readFileSync(join(archive, "index.json"), "utf8")));
    const blob = join(archive, "blobs", manifests[0].digest.replace(":", "/"));
    const { layers } = manifest.parse(JSON.parse(readFileSync(blob, "utf8")));
    const megabytes = layers.reduce((sum, { size }) => sum + size, 0) / 1e6;
    process.stderr.write(`the image has ${megabytes.toFixed(1)} MB compressed\n`);
    expect(megabytes).toBeLessThan(70);
  });

  test("has a bill of materials that lists its packages", () => {
    const { components } = bill.parse(JSON.parse(readFileSync(billFile(join(folder, "context")), "utf8")));
    const names = components.map(({ name }) => name);
    for (const name of ["@duckdb/node-bindings-linux-x64", "@google-cloud/storage", "pg"]) {
      expect(names).toContain(name);
    }
    expect(names).not.toContain("cdktf");
  });

  test("ingests a month as a non-root user on a read-only file system", async () => {
    const url = await serve((_, response) => response.end(csv(rows("2019-01", 2_000, 0))));
    const container = run([
      "run",
      "--dataset",
      "yellow_tripdata",
      "--period",
      "2019-01",
      "--source",
      `${url}/{period}.csv`,
      "--json",
    ]);
    const { code, stdout, stderr } = await outcome(container);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(readRunSummary(stdout.trimEnd().split("\n").at(-1) ?? "").periods).toMatchObject([
      { rows: { parquet: 2_000, warehouse: 2_000, database: 2_000 } },
    ]);
    expect(stdout).toMatch(/^\{"severity":"INFO",.*"message":"yellow_tripdata 2019-01: run \S+ started"\}\n/);
  });

  test("writes its first log line within 0.3 s", async () => {
    const seconds: number[] = [];
    // The least of several: other programs of the machine only add to it.
    for (let attempt = 0; attempt < 7; attempt += 1) {
      const began = performance.now();
      const container = run(["run", "--period", "2019-01", "--source", "/tmp/missing/{period}.csv"]);
      container.process.stdout?.once("data", () => seconds.push((performance.now() - began) / 1000));
      expect(await outcome(container)).toMatchObject({ code: 1 });
    }
    process.stderr.write(`the first log line was written after ${Math.min(...seconds).toFixed(2)} s\n`);
    expect(Math.min(...seconds)).toBeLessThan(0.3 * Math.max(1, secondsToStartNode() / 0.06));
  });

  test("runs as the user 65532 and can write only to /tmp", async () => {
    const script = `
      const { writeFileSync } = require("node:fs");
      for (const path of ["/tmp/x", "/app/x", "/x"]) {
        try { writeFileSync(path, ""); console.log(path); } catch (error) { console.log(error.code); }
      }
      console.log(process.getuid(), process.getgid(), process.pid);`;
    const node = { ...image, entrypoint: image.entrypoint.slice(0, 1) };
    expect(image.user).toBe(unprivileged);
    expect(await outcome(runContainer(root, node, ["-e", script], {}))).toEqual({
      code: 0,
      stdout: "/tmp/x\nEROFS\nEROFS\n65532 65532 1\n",
      stderr: "",
    });
  });

  test("exits within a second of SIGTERM, and the next run completes the period", async () => {
    const body = csv(rows("2019-02", 4_000, 0));
    let slow = true;
    const url = await serve((_, response) => {
      response.setHeader("content-length", Buffer.byteLength(body));
      if (!slow) return void response.end(body);
      response.write(body.slice(0, 1_000));
    });
    const args = [
      "run",
      "--dataset",
      "yellow_tripdata",
      "--period",
      "2019-02",
      "--source",
      `${url}/{period}.csv`,
      "--json",
    ];
    const stopped = run(args);
    const ended = outcome(stopped);
    await sleep(1_500);
    const asked = performance.now();
    await stopped.signal("SIGTERM");
    const { code } = await ended;
    expect(code).toBe(143);
    expect(performance.now() - asked).toBeLessThan(1_000);
    slow = false;
    expect(await outcome(run(args))).toMatchObject({ code: 0, stderr: "" });
  });

  test("continues after SIGTSTP and SIGCONT, as during maintenance of the host", async () => {
    const url = await serve((_, response) => response.end(csv(rows("2019-03", 3_000, 0))));
    const container = run([
      "run",
      "--dataset",
      "yellow_tripdata",
      "--period",
      "2019-03",
      "--source",
      `${url}/{period}.csv`,
      "--json",
    ]);
    const ended = outcome(container);
    await sleep(600);
    await container.signal("SIGTSTP");
    await sleep(300);
    await container.signal("SIGCONT");
    expect(await ended).toMatchObject({ code: 0, stderr: "" });
  });
});

/** Output and exit code of a container. */
async function outcome({ process: child }: Container) {
  let [stdout, stderr] = ["", ""];
  child.stdout?.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = z.tuple([z.number().nullable(), z.unknown()]).parse(await once(child, "close"));
  return { code, stdout, stderr };
}
