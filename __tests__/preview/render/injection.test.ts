/** Values of a plan can contain any text. Parsers of the formats check the output. */
import { DOMParser, onErrorStopParsing } from "@xmldom/xmldom";
import MarkdownIt from "markdown-it";
import { type DefaultTreeAdapterTypes, parse } from "parse5";
import type { Report } from "../../../preview/report";
import { create, planJson, remove, update } from "../support/plan-json";
import { previewReport } from "../../../preview/preview";
import { renderAll } from "../support/render-all";

const hostile = [
  "@everyone look #1 GH-1",
  "</code></details><script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "`` ` ``` `code` ```",
  "| a | b |\n| --- | --- |",
  "a\\|b",
  "[link](https://evil.example) ![image](https://evil.example/x.png)",
  "https://evil.example www.evil.example",
  "\n\n## A heading\n\n- [x] approved\n",
  "\n::error::injected\n::set-output name=x::y",
  "##[error]injected",
  " ::warning::x",
  "-->\n<!-- marker -->",
  "\u202eesrever\u202c \u200b \u0007 \u001b[31m",
  '"]; click n0 "javascript:alert(1)"',
  "]]>&amp;<![CDATA[",
  "``` \n```diff\n+x",
  "'\"><svg/onload=alert(1)>",
];

/** A report with a hostile text in all values. */
function hostileReport(text: string): Report {
  const values = {
    name: text,
    description: `before ${text}`,
    labels: { [text]: text },
    lines: `a\n${text}\nb`,
  };
  const content = planJson(
    [
      create(`x_y.c["${text}"]`, values),
      update("x_y.u", values, {
        description: `after ${text}`,
        lines: `a\n${text}!\nb`,
        labels: { [text]: "x" },
      }),
      remove("google_storage_bucket.b", { name: text, force_destroy: false }),
      create("google_project_iam_member.m", {
        project: text,
        role: `roles/owner ${text}`,
        member: `user:${text}`,
        condition: [{ expression: text }],
      }),
    ],
    {
      output_changes: { [text]: { actions: ["update"], before: text, after: `${text}!` } },
      checks: [
        { address: { to_display: text }, status: "fail", instances: [{ problems: [{ message: text }] }] },
      ],
    },
  );
  return previewReport({
    plans: [
      { stack: "one", content },
      { stack: text, error: text },
    ],
    truth: "state",
    commits: { base: text, head: text },
    causes: [{ files: [text], resources: [{ stack: "one", address: "x_y.u" }] }],
    findings: [{ tool: text, rule: text, level: "error", message: text, file: text }],
    sources: [{ stack: "one", address: "x_y.u", frames: [text] }],
  });
}

describe.each(hostile.map((text) => [JSON.stringify(text), text]))("the text %s", (_name, text) => {
  const outputs = renderAll(hostileReport(text));

  test("is only text and code in Markdown", () => {
    const tokens = new MarkdownIt({ html: true, linkify: true })
      .parse(outputs.markdown, {})
      .flatMap((token) => [token, ...(token.children ?? [])]);
    const kinds = new Set(tokens.map(({ type }) => type));
    for (const kind of ["link_open", "image"]) expect(kinds).not.toContain(kind);
    const html = tokens
      .filter(({ type }) => type === "html_inline" || type === "html_block")
      .map(({ content }) => content);
    for (const tag of html)
      expect(tag.trim()).toMatch(
        /^(?:<\/?code>|<\/?details>|<summary>.*<\/summary>|<details><summary>.*<\/summary>)$/,
      );
    const headings = tokens.flatMap(({ type }, at) =>
      type === "heading_open" ? [tokens[at + 1]?.content ?? ""] : [],
    );
    for (const heading of headings) expect(ownHeadings).toContain(heading);
    // Text outside of code contains no mentions, issue numbers and links.
    const prose = tokens
      .filter(({ type }) => type === "text")
      .map(({ content }) => content)
      .join("\n");
    expect(prose).not.toMatch(/(?:^|\W)@\w|#\d|GH-\d|https?:|www\./);
  });

  test("does not change the columns of tables in Markdown", () => {
    const lines = outputs.markdown.split("\n").filter((line) => line.startsWith("| "));
    const rendered = new MarkdownIt({ html: true }).render(outputs.markdown);
    const rows = [...rendered.matchAll(/<tr>(.*?)<\/tr>/gs)].map(
      ([, row = ""]) => [...row.matchAll(/<t[hd]>/g)].length,
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(lines.length).toBeGreaterThanOrEqual(rows.length);
    expect(rows.filter((cells) => ![3, 4].includes(cells))).toEqual([]);
  });

  test("is not an element, attribute or script in HTML", () => {
    const elements: string[] = [];
    const visit = (node: DefaultTreeAdapterTypes.Node): void => {
      if ("tagName" in node) {
        elements.push(node.tagName);
        for (const { name } of node.attrs)
          expect(name).not.toMatch(node.tagName === "a" ? /^on/ : /^on|^href$|^src$/);
      }
      if ("childNodes" in node) node.childNodes.forEach(visit);
    };
    visit(parse(outputs.html));
    for (const tag of ["img", "iframe", "foreignObject", "image", "use", "animate"])
      expect(elements).not.toContain(tag);
    // The report has no references between resources, so no graph.
    expect(elements).not.toContain("svg");
    expect(elements.filter((tag) => tag === "script")).toHaveLength(1);
    expect(elements.filter((tag) => tag === "a")).toHaveLength(1);
  });

  test("is not a command for a CI runner in any format", () => {
    for (const output of Object.values(outputs))
      for (const line of output.split(/\r\n|[\r\n]/)) {
        expect(line.trimStart().startsWith("::")).toBe(false);
        expect(line).not.toContain("##[");
      }
  });

  test("keeps JSON, SARIF and JUnit well-formed", () => {
    expect(JSON.parse(outputs.json)).toMatchObject({ version: 1 });
    expect(JSON.parse(outputs.sarif)).toMatchObject({ version: "2.1.0" });
    const xml = new DOMParser({ onError: onErrorStopParsing }).parseFromString(outputs.junit, "text/xml");
    expect(xml.getElementsByTagName("testsuite")).toHaveLength(2);
  });

  test("is one label in Mermaid", () => {
    for (const line of outputs.mermaid.split("\n"))
      expect(line).toMatch(
        /^(?:flowchart LR| {2}subgraph s\d+\["[^"\]]*"\]| {4}n\d+\["[^"\]]*"\]:::\w+| {2}end| {2}n\d+ --> n\d+| {2}classDef .*)$/,
      );
  });
});

const ownHeadings = [
  "Plan preview",
  "What is lost",
  "Will it apply?",
  "Who gains or loses access",
  "Protections",
  "Why",
  "What changes",
  "Outputs",
  "Cost",
  "Findings",
  "What it touches",
  "Changed outside of Terraform",
];
