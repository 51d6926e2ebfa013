import type { Comment, GitHub } from "./github";

/** What became of the comment. */
export type Placed =
  | { readonly kind: "created" | "updated"; readonly url: string }
  /** A newer commit was pushed meanwhile; its own run says what is true of it. */
  | { readonly kind: "outdated"; readonly head: string };

export interface Sticky {
  readonly pullRequest: number;
  /** Several previews of one pull request are told apart by it, such as one for each environment. @default - one */
  readonly id?: string | undefined;
  readonly body: string;
  /** The commit that the body is about. @default - not compared with what was pushed last */
  readonly head?: string | undefined;
}

/** Longest comment that GitHub takes, in characters. */
export const longestComment = 65_536;

/**
 * Writes the one comment of this preview: updates it where it is, creates it where it is not. It is known by its first
 * line and its author; whoever else writes that line, or quotes it, keeps it unchanged.
 *
 * @throws Error when the body is longer than GitHub takes
 */
export async function placeComment(github: GitHub, sticky: Sticky): Promise<Placed> {
  const marker = markerOf(sticky.id);
  const body = `${marker}\n${sticky.body}`;
  if (body.length > longestComment)
    throw new Error(
      `the comment has ${body.length} characters, GitHub takes ${longestComment}: render it with --format markdown, which keeps within`,
    );

  const newer = await newerHead(github, sticky);
  if (newer !== undefined) return { kind: "outdated", head: newer };
  const author = await github.viewer();
  const own = ({ body: text, user }: Comment) =>
    user?.login === author && text?.split(/\r?\n/, 1)[0]?.trimEnd() === marker;

  const [existing, ...copies] = (await github.comments(sticky.pullRequest)).filter(own);
  if (existing !== undefined) {
    const { html_url: url } = await github.update(existing.id, body);
    for (const { id } of copies) await github.remove(id);
    return { kind: "updated", url: url ?? "" };
  }
  const created = await github.create(sticky.pullRequest, body);
  return settle(github, sticky.pullRequest, { own, created, body });
}

/** First line of the comment. It never changes, or earlier comments would not be found again. */
export function markerOf(id: string | undefined): string {
  if (id !== undefined && !/^[\w.-]+$/.test(id))
    throw new Error(`"${id}" is not a valid id of a comment: letters, digits, dots, dashes and underscores`);
  return id === undefined ? "<!-- tributary-preview -->" : `<!-- tributary-preview ${id} -->`;
}

async function newerHead(github: GitHub, { pullRequest, head }: Sticky): Promise<string | undefined> {
  if (head === undefined) return undefined;
  const { head: last } = await github.pullRequest(pullRequest);
  return last.sha === head ? undefined : last.sha;
}

/** Two runs that found no comment at the same moment have each created one: the older stays, with the newer text. */
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
