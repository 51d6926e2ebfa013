import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import type { Cause, Source } from "../input";

const reference = z.object({ stack: z.string(), address: z.string() });
const facts = z.object({
  base: z.optional(z.string()),
  head: z.optional(z.string()),
  causes: z.array(z.object({ files: z.array(z.string()), resources: z.array(reference) })),
  sources: z.array(z.object({ stack: z.string(), address: z.string(), frames: z.array(z.string()) })),
  warnings: z.array(z.string()),
});

/** Facts about a synthesized app that are not in its JSON, stored in a file next to base and head. */
export interface Facts {
  readonly base?: string | undefined;
  readonly head?: string | undefined;
  readonly causes: readonly Cause[];
  readonly sources: readonly Source[];
  readonly warnings: readonly string[];
}

export function writeFacts(folder: string, content: Facts): void {
  writeFileSync(fileIn(folder), JSON.stringify(content, null, 2));
}

/** @throws Error if the file is missing or invalid */
export function readFacts(folder: string): Facts {
  const file = fileIn(folder);
  if (!existsSync(file))
    throw new Error(
      `${folder} does not contain ${name}; create the folder with \`npm run preview -- synth\``,
    );
  const read = facts.safeParse(parsed(readFileSync(file, "utf8")));
  if (!read.success) throw new Error(`${file} is not valid: ${z.prettifyError(read.error)}`);
  return read.data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const name = "facts.json";

function fileIn(folder: string): string {
  return join(folder, name);
}
