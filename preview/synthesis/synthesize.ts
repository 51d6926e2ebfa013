import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import { ownFile } from "../own-file";
import { runChild } from "../../terraform/child";

const cdktfJson = z.looseObject({
  app: z.string(),
  output: z._default(z.string(), "cdktf.out"),
  context: z._default(z.record(z.string(), z.unknown()), {}),
});

export interface Synthesis {
  /** Folder of the project: it holds cdktf.json. */
  readonly project: string;
  /** Where to write. */
  readonly outdir: string;
  /** Whether what is in `outdir` stays, such as what Terraform keeps beside a stack. @default - it is emptied first */
  readonly keep?: boolean;
  /** Name of the environment, handed to the app as `PLATFORM_ENV`. @default - the app's own default */
  readonly environment?: string | undefined;
  /** File to which the lines that create resources are written. @default - not recorded */
  readonly sources?: string;
  readonly signal?: AbortSignal;
}

/** The app could not be synthesized; the message is its own. */
export class SynthesisFailed extends Error {
  override readonly name = "SynthesisFailed";
}

/**
 * Runs the app that cdktf.json names in a process of its own, as `cdktf synth` does.
 *
 * @throws SynthesisFailed with what the app wrote
 */
export async function synthesize(synthesis: Synthesis): Promise<void> {
  const { project, outdir, keep = false, environment, sources, signal } = synthesis;
  const { app, context } = settingsOf(project);
  // The manifest of an earlier synthesis would declare this one successful.
  rmSync(keep ? join(outdir, "manifest.json") : outdir, { recursive: true, force: true });
  mkdirSync(outdir, { recursive: true });
  const { exitCode, stdout, stderr } = await runChild("/bin/sh", ["-c", app], {
    cwd: project,
    env: {
      ...withoutVariables(process.env),
      CDKTF_OUTDIR: outdir,
      CDKTF_CONTEXT_JSON: JSON.stringify(context),
      ...(environment !== undefined && { PLATFORM_ENV: environment }),
      ...(sources !== undefined && {
        TRIBUTARY_SOURCES: sources,
        NODE_OPTIONS:
          `${process.env.NODE_OPTIONS ?? ""} --require ${JSON.stringify(ownFile("preview/synthesis/record-sources.cjs"))}`.trim(),
      }),
    },
    ...(signal && { signal }),
  });
  if (exitCode !== 0) throw new SynthesisFailed((stderr.trim() || stdout.toString().trim()).trim());
  if (!existsSync(join(outdir, "manifest.json")))
    throw new SynthesisFailed(`\`${app}\` ended well and wrote no manifest.json to CDKTF_OUTDIR`);
}

/** What the project's cdktf.json says. @throws SynthesisFailed when there is none, or it names no app */
export function settingsOf(project: string): z.infer<typeof cdktfJson> {
  const file = join(project, "cdktf.json");
  if (!existsSync(file))
    throw new SynthesisFailed(`there is no ${file}: run this in the folder of the project`);
  const read = cdktfJson.safeParse(parsed(file));
  if (!read.success) throw new SynthesisFailed(`${file}: ${z.prettifyError(read.error)}`);
  return read.data;
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new SynthesisFailed(
      `${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** cdktf does the same: variables are Terraform's, a synthesis must not depend on them. */
function withoutVariables(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith("TF_VAR_")));
}
