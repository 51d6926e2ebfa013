import { join } from "node:path";
import { findCauses } from "../causes/experiment";
import type { Cause, Source } from "../input";
import { mergeBase, openRevision, type Revision } from "./revision";
import { readSources } from "./sources";
import { settingsOf, synthesize, SynthesisFailed } from "./synthesize";
import { stackFolders } from "../../terraform/stack-folder";
import { copySynthesis } from "../workspace/workspace";
import { parseJson } from "../plan/parse-json";

/** Both sides of a comparison, synthesized, with causes and source locations. */
export interface Sides {
  /** Folder with the synthesized head, in the workspace. */
  readonly head: string;
  /** Folder with the synthesized base, in the workspace. @default - not compared with base */
  readonly base?: string;
  /** Output folder of cdktf for head, which can contain local state files. */
  readonly original: string;
  readonly commits: { readonly base?: string; readonly head?: string };
  readonly causes: readonly Cause[];
  readonly sources: readonly Source[];
  readonly warnings: readonly string[];
}

export interface SideOptions {
  /** A folder, or a git ref. @default - the merge base with the main branch */
  readonly base?: string | undefined;
  /** A folder, or a git ref. @default - the current folder */
  readonly head?: string | undefined;
  readonly env?: string | undefined;
  /** Whether to determine which files cause the changes. */
  readonly causes: boolean;
  /** `always` fails without a base, `if possible` continues with a warning. */
  readonly compare: "always" | "if possible" | "never";
  /** Shown in the report instead of the detected commits. */
  readonly baseCommit?: string | undefined;
  readonly headCommit?: string | undefined;
}

/**
 * Synthesizes head and base, and determines causes and source locations.
 *
 * @throws Error if head cannot be synthesized, or base if it is required
 */
export async function openSides(
  options: SideOptions,
  workspace: string,
  signal: AbortSignal,
): Promise<Sides> {
  const head = await openRevision(options.head ?? ".", join(workspace, "head-project"), signal);
  const recorded = join(workspace, "sources.json");
  const headOut = join(workspace, "head");
  await synthesizeSide("head", head, { options, outdir: headOut, sources: recorded, signal });

  const base = await openBase(options, workspace, signal);
  const causes =
    options.causes && head.kind === "project" && base.revision?.kind === "project"
      ? await findCauses({
          base: { project: base.revision.folder, stacks: stackFolders(base.outdir, parseJson) },
          head: { project: head.folder, stacks: stackFolders(headOut, parseJson) },
          environment: options.env,
          place: join(workspace, "experiments"),
          signal,
        })
      : [];
  const commits = {
    base: options.baseCommit ?? commitOf(base.revision),
    head: options.headCommit ?? commitOf(head),
  };
  return {
    head: headOut,
    ...(base.revision !== undefined && { base: base.outdir }),
    original: head.kind === "synthesized" ? head.outdir : join(head.folder, settingsOf(head.folder).output),
    commits: {
      ...(commits.base !== undefined && { base: commits.base }),
      ...(commits.head !== undefined && { head: commits.head }),
    },
    causes,
    sources: readSources(headOut, recorded),
    warnings: [...warningsOf(head), ...base.warnings],
  };
}

interface Base {
  readonly revision?: Revision;
  readonly outdir: string;
  readonly warnings: readonly string[];
}

async function openBase(options: SideOptions, workspace: string, signal: AbortSignal): Promise<Base> {
  const outdir = join(workspace, "base");
  if (options.compare === "never") return { outdir, warnings: [] };
  try {
    const name = options.base ?? (await mergeBase(signal));
    if (name === undefined)
      throw new Error("no main branch to compare with; specify a commit or a folder with --base");
    const revision = await openRevision(name, join(workspace, "base-project"), signal);
    await synthesizeSide("base", revision, { options, outdir, signal });
    return { revision, outdir, warnings: warningsOf(revision) };
  } catch (error) {
    if (
      options.compare === "always" ||
      options.base !== undefined ||
      !(error instanceof Error) ||
      signal.aborted
    )
      throw error;
    return { outdir, warnings: [`Not compared with base: ${error.message}`] };
  }
}

async function synthesizeSide(
  side: "base" | "head",
  revision: Revision,
  {
    options,
    outdir,
    sources,
    signal,
  }: { options: SideOptions; outdir: string; sources?: string; signal: AbortSignal },
): Promise<void> {
  if (revision.kind === "synthesized") {
    copySynthesis(revision.outdir, outdir);
    return;
  }
  try {
    const recorded = sources === undefined ? {} : { sources };
    await synthesize({ project: revision.folder, outdir, environment: options.env, signal, ...recorded });
  } catch (error) {
    if (!(error instanceof SynthesisFailed)) throw error;
    throw new SynthesisFailed(`${side} cannot be synthesized: ${error.message}`);
  }
}

function warningsOf(revision: Revision): readonly string[] {
  return revision.kind === "project" ? revision.warnings : [];
}

function commitOf(revision: Revision | undefined): string | undefined {
  return revision?.kind === "project" ? revision.commit : undefined;
}
