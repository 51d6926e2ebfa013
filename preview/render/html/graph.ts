import type { Graph, GraphNode } from "../../report/context";
import { plural } from "../words";
import { code, type Html, html } from "./markup";

const box = { width: 280, height: 44, right: 70, below: 12, margin: 10 };
/** Characters that fit a box. */
const mostCharacters = 36;

/** The graph of changed resources and their neighbors: a drawing, and the same as a list. */
export function graphSection({ graph }: { readonly graph: Graph }): Html {
  const { nodes, edges, omitted } = graph;
  if (edges.length === 0) return html``;
  const labels = new Map(nodes.map(({ id, label }) => [id, label]));
  const more =
    omitted === 0 ? "" : html`<p>${plural(omitted, "more resource is", "more resources are")} not shown.</p>`;
  return html`<section id="graph">
    <h2>Graph</h2>
    <details>
      <summary>
        ${plural(nodes.length, "resource")}: changes and their neighbors. An arrow points to a dependency.
      </summary>
      <div class="scroll" tabindex="0" role="region" aria-label="Graph of changes and their neighbors">
        ${drawing(graph)}
      </div>
      <details>
        <summary>As a list</summary>
        <ul>
          ${edges.map(
            ({ from, to }) =>
              html`<li>${code(labels.get(from) ?? from)} depends on ${code(labels.get(to) ?? to)}</li>`,
          )}
        </ul>
      </details>
      ${more}
    </details>
  </section>`;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function drawing({ nodes, edges }: Graph): Html {
  const places = placesOf({ nodes, edges });
  const points = [...places.values()];
  const width = Math.max(...points.map(({ x }) => x)) + box.width + box.margin;
  const height = Math.max(...points.map(({ y }) => y)) + box.height + box.margin;
  return html`<svg
    class="graph"
    role="img"
    aria-label="${plural(nodes.length, "resource")} and ${plural(edges.length, "dependency", "dependencies")}; the list below has the same content"
    viewBox="0 0 ${width} ${height}"
    width="${width}"
    height="${height}"
  >
    <defs>
      <marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">
        <path d="M0 0 8 4 0 8z"></path>
      </marker>
    </defs>
    ${edges.map(({ from, to }) => arrow(places.get(from), places.get(to)))}
    ${nodes.map((node) => shape(node, places.get(node.id)))}
  </svg>`;
}

/** Dependents to the left of their dependencies, resources of a stack next to each other. */
function placesOf({ nodes, edges }: Pick<Graph, "nodes" | "edges">): ReadonlyMap<string, Point> {
  const column = new Map(nodes.map(({ id }) => [id, 0]));
  // The graph of a plan has no cycles; the limit holds for one that has.
  for (let round = 0; round < nodes.length; round++) {
    let moved = false;
    for (const { from, to } of edges) {
      const least = (column.get(from) ?? 0) + 1;
      if (from === to || (column.get(to) ?? 0) >= least || least > nodes.length) continue;
      column.set(to, least);
      moved = true;
    }
    if (!moved) break;
  }
  const rows = new Map<number, number>();
  const ordered = [...nodes].sort((one, other) =>
    one.stack < other.stack ? -1 : one.stack > other.stack ? 1 : 0,
  );
  return new Map(
    ordered.map(({ id }) => {
      const at = column.get(id) ?? 0;
      const row = rows.get(at) ?? 0;
      rows.set(at, row + 1);
      return [
        id,
        {
          x: box.margin + at * (box.width + box.right),
          y: box.margin + row * (box.height + box.below),
        },
      ];
    }),
  );
}

function arrow(from: Point | undefined, to: Point | undefined): Html {
  if (from === undefined || to === undefined) return html``;
  const [x1, y1] = [from.x + box.width, from.y + box.height / 2];
  const [x2, y2] = [to.x, to.y + box.height / 2];
  const middle = (x1 + x2) / 2;
  return html`<path class="arrow" d="M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}"></path>`;
}

function shape({ label, stack, action }: GraphNode, place: Point | undefined): Html {
  if (place === undefined) return html``;
  const { x, y } = place;
  const text = label.startsWith(`${stack}/`) ? label.slice(stack.length + 1) : label;
  const short = text.length <= mostCharacters ? text : `…${text.slice(1 - mostCharacters)}`;
  return html`<g class="node ${action ?? "same"}">
    <title>${stack}: ${label}${action === undefined ? "" : `, ${action}`}</title>
    <rect x="${x}" y="${y}" width="${box.width}" height="${box.height}" rx="6"></rect>
    <text x="${x + 10}" y="${y + 18}">${short}</text>
    <text class="note" x="${x + 10}" y="${y + 35}">${stack}${action === undefined ? "" : `: ${action}`}</text>
  </g>`;
}
