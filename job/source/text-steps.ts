import type { SpecSource } from "../../dataset";
import { decoder, type TextStep } from "./decode";
import { lineSkipper } from "./skipped-lines";

/**
 * What the text of a source passes through before it is read, in order.
 *
 * @param name name of the file, for messages
 */
export function textSteps(source: SpecSource, name: string): readonly TextStep[] {
  return [decoder(source.encoding, name), lineSkipper(source)].filter((step) => step !== undefined);
}

/** A text in UTF-8 whose comments and skipped lines are empty. */
export async function skippedIn(source: SpecSource, text: Buffer): Promise<Buffer> {
  const skip = lineSkipper(source);
  if (skip === undefined) return text;
  const pieces: Buffer[] = [];
  for await (const piece of skip(once(text))) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function* once(text: Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(text);
}
