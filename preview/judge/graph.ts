import { withoutIndex } from "../plan/stack-plan";
import type { LossClass, ResourceChange } from "../report/changes";
import type { Graph, GraphEdge, GraphNode } from "../report/context";
import { classes } from "./loss/losses";
import type { Places } from "./places";
import { keyOf, type Row } from "./rows";

/** Maximum number of nodes in a readable graph. */
const most = 40;

/** Changed resources and their direct neighbors. If there are too many, severe changes take precedence. */
export function graphOf(changes: readonly ResourceChange[], rows: readonly Row[], places: Places): Graph {
  const weight = (loss: LossClass) => classes.indexOf(loss);
  const shown = changes
    .filter(({ noise }) => noise === undefined)
    .sort((one, other) => weight(one.loss) - weight(other.loss))
    .slice(0, most);
  const nodes = new Map<string, GraphNode>(
    shown.map((change) => [nodeId(change.stack, change.address), nodeOf(change)]),
  );
  const edges = new Map<string, GraphEdge>();
  let neighbors = 0;
  const references = edgesOf(rows);
  for (const [from, to, stack, fromAddress, toAddress] of references) {
    if (!nodes.has(from) && !nodes.has(to)) continue;
    const other = nodes.has(from) ? [to, toAddress] : [from, fromAddress];
    const [id = "", address = ""] = other;
    if (!nodes.has(id)) {
      // Omit neighbors of neighbors.
      if (nodes.get(nodes.has(from) ? from : to)?.action === undefined) continue;
      if (nodes.size >= most) {
        neighbors += 1;
        continue;
      }
      nodes.set(id, { id, label: places.of({ stack, address }).path ?? address, stack });
    }
    edges.set(`${from} ${to}`, { from, to });
  }
  return {
    nodes: [...nodes.values()],
    edges: [...edges.values()],
    omitted: changes.length - shown.length + neighbors,
  };
}

/** All references within a stack. */
function edgesOf(rows: readonly Row[]) {
  const known = new Set(rows.map((row) => nodeId(row.stack, row.address)));
  return rows.flatMap((row) =>
    (row.plan.references.get(withoutIndex(row.address)) ?? []).flatMap((on) => {
      const [from, to] = [nodeId(row.stack, row.address), nodeId(row.stack, on)];
      return from === to || !known.has(to) ? [] : [[from, to, row.stack, row.address, on] as const];
    }),
  );
}

function nodeId(stack: string, address: string): string {
  return keyOf({ stack, address: withoutIndex(address) });
}

function nodeOf({ stack, address, path, action }: ResourceChange): GraphNode {
  return { id: nodeId(stack, address), label: path ?? address, stack, action };
}
