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
  /** Folder of the project, with cdktf.json. */
  readonly project: string;
  /** Output folder. */
  readonly outdir: string;
  /** Whether existing files are kept, such as those of Terraform next to a stack. @default - they are deleted first */
  readonly keep?: boolean;
  /** Name of the environment, passed to the app as `PLATFORM_ENV`. @default - the default of the app */
  readonly environment?: string | undefined;
  /** Other variables for the app. @default - none */
  readonly variables?: Readonly<Record<string, string>>;
  /** Output file for source locations. @default - not recorded */
  readonly sources?: string;
  readonly signal?: AbortSignal;
}

/** The app could not be synthesized. The message is that of the app. */
export class SynthesisFailed extends Error {
  override readonly name = "SynthesisFailed";
}

/**
 * Runs the app of cdktf.json in a separate process, as `cdktf synth` does.
 *
 * @throws SynthesisFailed with the output of the app
 */
export async function synthesize(synthesis: Synthesis): Promise<void> {
  const { project, outdir, keep = false, environment, variables, sources, signal } = synthesis;
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
      ...variables,
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
    throw new SynthesisFailed(`\`${app}\` succeeded, but did not write manifest.json to CDKTF_OUTDIR`);
}

/** The settings in cdktf.json. @throws SynthesisFailed if the file is missing or has no app */
export function settingsOf(project: string): z.infer<typeof cdktfJson> {
  const file = join(project, "cdktf.json");
  if (!existsSync(file))
    throw new SynthesisFailed(`${file} does not exist; run the command in the project folder`);
  const read = cdktfJson.safeParse(parsed(file));
  if (!read.success) throw new SynthesisFailed(`${file}: ${z.prettifyError(read.error)}`);
  return read.data;
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new SynthesisFailed(
      `${file} is not valid JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** Removes Terraform variables, as cdktf does, because a synthesis must not depend on them. */
function withoutVariables(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith("TF_VAR_")));
}
