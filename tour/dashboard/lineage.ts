import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { readResults } from "../../transform/driver/results";
import type { Lineage, LineageNode } from "./data";

/**
 * Reads the lineage from dbt's artifacts.
 *
 * @param folder folder with `manifest.json` and `run_results.json`
 * @returns undefined if they are not there
 */
export async function readLineage(folder: string): Promise<Lineage | undefined> {
  const text = await readFile(join(folder, "manifest.json"), "utf8").catch(() => undefined);
  const results = await readResults(join(folder, "run_results.json"));
  if (text === undefined || results === undefined) return undefined;
  const { nodes, sources } = manifest.parse(JSON.parse(text));
  const status = new Map(results.map((result) => [result.name, result.status]));
  const all = Object.values(nodes);
  const tests = (id: string) => {
    const found = all.filter(({ resource_type, attached_node, depends_on }) =>
      resource_type === "test" ? (attached_node ?? depends_on.nodes[0]) === id : false,
    );
    const count = (...wanted: readonly string[]) =>
      found.filter(({ name }) => wanted.includes(status.get(name) ?? "")).length;
    return { passed: count("passed", "warned"), failed: count("failed", "error") };
  };
  const named = (id: string) => id.split(".").at(-1) ?? id;
  const models = Object.entries(nodes).flatMap(([id, node]): LineageNode[] =>
    node.resource_type === "model"
      ? [
          {
            name: node.name,
            layer: node.path.startsWith("core") ? "core" : "staging",
            reads: node.depends_on.nodes.map(named),
            tests: tests(id),
          },
        ]
      : [],
  );
  const used = new Set(models.flatMap(({ reads }) => reads));
  const tables = Object.keys(sources)
    .filter((id) => used.has(named(id)))
    .map((id): LineageNode => ({ name: named(id), layer: "raw", reads: [], tests: tests(id) }));
  const counted = results.filter(({ kind }) => kind === "test");
  const count = (...wanted: readonly string[]) => counted.filter((one) => wanted.includes(one.status)).length;
  return {
    nodes: [...tables, ...models],
    passed: count("passed", "warned"),
    failed: count("failed", "error"),
  };
}

const manifest = z.object({
  nodes: z.record(
    z.string(),
    z.looseObject({
      name: z.string(),
      resource_type: z.string(),
      path: z.string(),
      attached_node: z.optional(z.nullable(z.string())),
      depends_on: z.looseObject({ nodes: z.array(z.string()) }),
    }),
  ),
  sources: z.record(z.string(), z.looseObject({})),
});
