import { existsSync, readFileSync } from "node:fs";
import * as z from "zod/mini";
import type { Source } from "../input";
import { stackFolders } from "../../terraform/stack-folder";
import { parseJson } from "../plan/parse-json";

const recorded = z.record(z.string(), z.array(z.string()));
const notes = z.object({ metadata: z.object({ path: z.string() }) });

/**
 * Returns the source locations of all resources of a synthesized app.
 *
 * @param file output of record-sources.cjs. If it does not exist, the result is empty
 */
export function readSources(outdir: string, file: string): Source[] {
  if (!existsSync(file)) return [];
  const lines = recorded.parse(JSON.parse(readFileSync(file, "utf8")));
  return stackFolders(outdir, parseJson).flatMap(({ name: stack, configuration: { resource, data } }) => [
    ...sourcesIn(resource, lines).map((source) => ({ stack, ...source })),
    ...sourcesIn(data, lines).map((source) => ({ stack, ...source, address: `data.${source.address}` })),
  ]);
}

type ByType = Readonly<Record<string, Readonly<Record<string, object>>>>;

function sourcesIn(byType: ByType, lines: z.infer<typeof recorded>): Omit<Source, "stack">[] {
  return Object.entries(byType).flatMap(([type, byName]) =>
    Object.entries(byName).flatMap(([name, body]) => {
      const found = notes.safeParse(Reflect.get(body, "//"));
      const frames = found.success ? nearest(lines[found.data.metadata.path] ?? []) : [];
      return frames.length === 0 ? [] : [{ address: `${type}.${name}`, frames }];
    }),
  );
}

/** The innermost lines of the three nearest files: the construct and its callers. */
function nearest(lines: readonly string[]): string[] {
  const byFile = new Map<string, string>();
  for (const line of lines) {
    const file = line.replace(/:\d+$/, "");
    if (!byFile.has(file)) byFile.set(file, line);
  }
  return [...byFile.values()].slice(0, 3);
}
