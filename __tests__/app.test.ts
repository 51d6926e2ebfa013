import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { platformApp } from "../app";
import { testUnless } from "./support/unless";

const project = join(__dirname, "..");

/** A stack whose state is a file. */
const local = z.object({
  terraform: z.object({ backend: z.object({ local: z.object({ path: z.string() }) }) }),
});

/** Runs one of the two programs that create the app. Returns its status and standard error. */
function run(entry: string, env: Record<string, string>): { status: number | null; stderr: string } {
  const child = spawnSync(process.execPath, ["scripts/run.mjs", entry], {
    cwd: project,
    env: { PATH: process.env.PATH, ...env },
    encoding: "utf8",
  });
  return { status: child.status, stderr: child.stderr };
}

test.each(["loacl", "Local", "gcs"])("platformApp rejects PLATFORM_STATE=%s", (state) => {
  expect(() => platformApp({ PLATFORM_STATE: state })).toThrow(
    `PLATFORM_STATE: 1 fault\n  - "${state}": must be bucket or local`,
  );
});

test("platformApp rejects an unknown PLATFORM_ENV", () => {
  expect(() => platformApp({ PLATFORM_ENV: "stage" })).toThrow('"stage": environment does not exist');
});

test.each(["main.ts", "scripts/synth.ts"])("%s uses PLATFORM_ENV and PLATFORM_STATE", (entry) => {
  const place = mkdtempSync(join(tmpdir(), "app-"));
  try {
    const CDKTF_OUTDIR = join(place, "cdktf.out");
    const env = { CDKTF_OUTDIR, PLATFORM_ENV: "dev", PLATFORM_STATE: "local" };
    // Which environments there are, and what they warn of, is up to the user.
    expect(run(entry, env).stderr).not.toMatch(/fault|\n\s+at /);
    expect(run(entry, env).status).toBe(0);
    const json = readFileSync(join(CDKTF_OUTDIR, "stacks/dev-lake/cdk.tf.json"), "utf8");
    expect(JSON.parse(json)).toMatchObject({
      terraform: { backend: { local: { path: "../../../state/dev-lake.tfstate" } } },
    });
    const wrong = run(entry, { ...env, PLATFORM_STATE: "loacl" });
    expect(wrong).toEqual({
      status: 1,
      stderr: 'PLATFORM_STATE: 1 fault\n  - "loacl": must be bucket or local\n',
    });
  } finally {
    rmSync(place, { recursive: true });
  }
});

/** Another environment than dev, if there is one. */
const other = readdirSync(join(project, "config"))
  .filter((name) => name.endsWith(".ts") && name !== "index.ts" && name !== "dev.ts")
  .map((name) => name.replace(".ts", ""))[0];

testUnless(other === undefined ? "config/ has one environment only" : undefined)(
  "npm run synth keeps the local state of another environment",
  () => {
    const place = mkdtempSync(join(tmpdir(), "app-"));
    try {
      const CDKTF_OUTDIR = join(place, "cdktf.out");
      const env = { CDKTF_OUTDIR, PLATFORM_STATE: "local" };
      expect(run("scripts/synth.ts", { ...env, PLATFORM_ENV: "dev" }).status).toBe(0);
      const stack = join(CDKTF_OUTDIR, "stacks/dev-foundation");
      const { terraform } = local.parse(JSON.parse(readFileSync(join(stack, "cdk.tf.json"), "utf8")));
      const state = join(stack, terraform.backend.local.path);
      mkdirSync(join(state, ".."), { recursive: true });
      writeFileSync(state, "{}");
      expect(run("scripts/synth.ts", { ...env, PLATFORM_ENV: other ?? "" }).status).toBe(0);
      expect(existsSync(stack)).toBe(false);
      expect(existsSync(state)).toBe(true);
    } finally {
      rmSync(place, { recursive: true });
    }
  },
);
