import type { Action } from "../report/changes";
import type { Graph } from "../report/context";
import { oneLine } from "./plain";

/** Renders the graph as a Mermaid diagram. */
export function mermaid({ nodes, edges }: Graph): string {
  const ids = new Map(nodes.map(({ id }, index) => [id, `n${index}`]));
  const stacks = [...new Set(nodes.map(({ stack }) => stack))];
  return [
    "flowchart LR",
    ...stacks.flatMap((stack, index) => [
      `  subgraph s${index}["${label(stack)}"]`,
      ...nodes
        .filter((node) => node.stack === stack)
        .map(
          ({ id, label: text, action }) =>
            `    ${ids.get(id) ?? ""}["${label(action === undefined ? text : `${text}: ${action}`)}"]:::${classOf(action)}`,
        ),
      "  end",
    ]),
    ...edges.map(({ from, to }) => `  ${ids.get(from) ?? ""} --> ${ids.get(to) ?? ""}`),
    ...Object.entries(colours).map(([name, style]) => `  classDef ${name} ${style}`),
  ].join("\n");
}

function classOf(action: Action | undefined): keyof typeof colours {
  switch (action) {
    case undefined:
      return "same";
    case "create":
    case "import":
      return "made";
    case "delete":
    case "replace":
    case "forget":
      return "gone";
    case "update":
    case "move":
    case "read":
    case "unknown":
      return "other";
  }
}

const colours = {
  same: "fill:#f6f8fa,stroke:#8c959f,color:#24292f",
  made: "fill:#dafbe1,stroke:#1a7f37,color:#0b4a1c",
  gone: "fill:#ffebe9,stroke:#cf222e,color:#82071e",
  other: "fill:#fff8c5,stroke:#9a6700,color:#4d2d00",
};

/** Escapes a label in quotes; entities in Mermaid start with a number sign. */
function label(text: string): string {
  return oneLine(text).replace(/[^\p{L}\p{N} ./:_-]/gu, (character) => `#${character.codePointAt(0) ?? 0};`);
}
