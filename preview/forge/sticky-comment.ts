import type { Comment, GitHub } from "./github";
import { Refused } from "./request";

/** Result of placing the comment. */
export type Placed =
  | { readonly kind: "created" | "updated"; readonly url: string }
  /** The pull request has a newer commit, whose workflow run updates the comment. */
  | { readonly kind: "outdated"; readonly head: string };

export interface Sticky {
  readonly pullRequest: number;
  /** Distinguishes several previews of one pull request, such as one per environment. @default - a single preview */
  readonly id?: string | undefined;
  readonly body: string;
  /** Commit of the preview. @default - not compared with the latest commit */
  readonly head?: string | undefined;
}

/** Maximum length of a comment on GitHub, in characters. */
export const longestComment = 65_536;

/**
 * Updates the comment of this preview, or creates it if it does not exist. The comment is identified by its first line
 * and its author; comments of other authors with the same line, and quotes, are not changed.
 *
 * @throws Error if the body exceeds the maximum length
 */
export async function placeComment(github: GitHub, sticky: Sticky): Promise<Placed> {
  const marker = markerOf(sticky.id);
  const body = `${marker}\n${sticky.body}`;
  if (body.length > longestComment)
    throw new Error(
      `the comment has ${body.length} characters, but GitHub allows only ${longestComment}; render it with --format markdown, which stays within the limit`,
    );

  const newer = await newerHead(github, sticky);
  if (newer !== undefined) return { kind: "outdated", head: newer };
  const author = await github.viewer();
  const own = ({ body: text, user }: Comment) =>
    user?.login === author && text?.split(/\r?\n/, 1)[0]?.trimEnd() === marker;

  const [existing, ...copies] = (await github.comments(sticky.pullRequest)).filter(own);
  const updated = existing && (await updateExisting(github, existing.id, body));
  if (updated !== undefined) {
    for (const { id } of copies) await github.remove(id);
    return { kind: "updated", url: updated.html_url ?? "" };
  }
  const created = await github.create(sticky.pullRequest, body);
  return settle(github, sticky.pullRequest, { own, created, body });
}

/** First line of the comment. Must not change, because it identifies existing comments. */
export function markerOf(id: string | undefined): string {
  if (id !== undefined && !/^[\w.-]+$/.test(id))
    throw new Error(
      `"${id}" is not a valid comment id; allowed: letters, digits, dots, hyphens and underscores`,
    );
  return id === undefined ? "<!-- tributary-preview -->" : `<!-- tributary-preview ${id} -->`;
}

/** @returns undefined if somebody has deleted the comment meanwhile */
async function updateExisting(github: GitHub, id: number, body: string): Promise<Comment | undefined> {
  try {
    return await github.update(id, body);
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return undefined;
    throw error;
  }
}

async function newerHead(github: GitHub, { pullRequest, head }: Sticky): Promise<string | undefined> {
  if (head === undefined) return undefined;
  const { head: last } = await github.pullRequest(pullRequest);
  return last.sha === head ? undefined : last.sha;
}

/** If two concurrent runs have each created a comment, keeps the older comment with the newer text. */
async function settle(
  github: GitHub,
  pullRequest: number,
  { own, created, body }: { own: (one: Comment) => boolean; created: Comment; body: string },
): Promise<Placed> {
  const [first, ...others] = (await github.comments(pullRequest)).filter(own).sort((a, b) => a.id - b.id);
  const url = (first ?? created).html_url ?? "";
  if (first === undefined || first.id === created.id || others.length === 0) return { kind: "created", url };
  await github.update(first.id, body);
  await github.remove(created.id);
  return { kind: "updated", url };
}
