import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/**
 * The API page of the constructs, in Markdown: every name that the entry files export, with its docstring.
 *
 * @param folder the folder of the constructs
 */
export function apiPage(folder: string): string {
  const sections = [
    ...entrySections(folder, "index.ts", "tributary-constructs"),
    ...entrySections(folder, "aws.ts", "tributary-constructs/aws"),
  ];
  return `${[head, ...sections].join("\n\n")}\n`;
}

const head = `# API of the constructs

Written by \`npm run pack:constructs\` from the docstrings in \`constructs/\`; [constructs/README.md](../constructs/README.md)
says how to use them. Every construct is created with \`(scope, id, props)\`. A prop with \`?\` can be left out.`;

type Declared =
  ts.ClassDeclaration | ts.InterfaceDeclaration | ts.TypeAliasDeclaration | ts.FunctionDeclaration;

/** The sections of one entry file: a heading, and a section for each file it exports from. */
function entrySections(folder: string, entry: string, module: string): string[] {
  const exportsOf = parsed(folder, entry).statements.filter(ts.isExportDeclaration);
  const sections = exportsOf.map((statement) => {
    const names = namesOf(statement);
    const declared = parsed(folder, `${specifier(statement)}.ts`)
      .statements.filter(isDeclared)
      .filter(({ name }) => name !== undefined && names.includes(name.text));
    return [...declared]
      .sort((a, b) => rank(a) - rank(b))
      .map(section)
      .join("\n\n");
  });
  return [`## \`${module}\``, ...sections];
}

function parsed(folder: string, file: string): ts.SourceFile {
  const text = readFileSync(join(folder, file), "utf8");
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
}

function namesOf({ exportClause }: ts.ExportDeclaration): string[] {
  return exportClause !== undefined && ts.isNamedExports(exportClause)
    ? exportClause.elements.map(({ name }) => name.text)
    : [];
}

function specifier({ moduleSpecifier }: ts.ExportDeclaration): string {
  return moduleSpecifier !== undefined && ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : "";
}

function isDeclared(statement: ts.Statement): statement is Declared {
  return (
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isFunctionDeclaration(statement)
  );
}

/** Classes come first: they are what a reader looks for. */
function rank(declared: Declared): number {
  return ts.isClassDeclaration(declared) ? 0 : 1;
}

function section(declared: Declared): string {
  const name = declared.name?.text ?? "";
  return [`### ${name}`, ...docs(declared), ...inherited(declared), ...body(declared)].join("\n\n");
}

/** The interfaces and classes that it implements and extends, where the other members are described. */
function inherited(declared: Declared): string[] {
  const names = heritage(declared).filter(
    (name) => !["Construct", "Error", "IConstruct", "IDependable"].includes(name),
  );
  const links = [...new Set(names)].map((name) => `[${name}](#${name.toLowerCase()})`);
  return links.length === 0 ? [] : [`Also has the members of ${links.join(" and ")}.`];
}

function heritage(declared: Declared): string[] {
  if (!ts.isClassDeclaration(declared) && !ts.isInterfaceDeclaration(declared)) return [];
  const types = declared.heritageClauses?.flatMap((clause) => [...clause.types]) ?? [];
  return types.flatMap(({ expression }) => {
    const name = expression.getText();
    if (name === "TerraformConstruct") return [];
    const own = declared
      .getSourceFile()
      .statements.filter(ts.isClassDeclaration)
      .find((other) => other.name?.text === name);
    // For a base class that is not exported, show the interfaces that it implements.
    return own === undefined || isExported(own) ? [name] : heritage(own);
  });
}

function isExported(declared: ts.ClassDeclaration): boolean {
  return declared.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

function body(declared: Declared): string[] {
  if (ts.isTypeAliasDeclaration(declared)) return [`\`\`\`ts\n${withoutIndent(declared)}\n\`\`\``];
  if (ts.isFunctionDeclaration(declared)) return [`\`${signature(declared)}\``];
  const members = ts.isInterfaceDeclaration(declared)
    ? [...declared.members]
    : declared.members.filter(isPublic);
  const items = members.map(item).filter((text) => text !== "");
  return items.length === 0 ? [] : [items.join("\n")];
}

function withoutIndent(declared: Declared): string {
  return declared.getText().replace(/^export /, "");
}

/** Public members with their own docstrings; the others are described where they are inherited from. */
function isPublic(member: ts.ClassElement): boolean {
  if (ts.isConstructorDeclaration(member) || docs(member).length === 0) return false;
  const hidden = [ts.SyntaxKind.PrivateKeyword, ts.SyntaxKind.ProtectedKeyword];
  const modifiers = ts.canHaveModifiers(member) ? (ts.getModifiers(member) ?? []) : [];
  return !modifiers.some(({ kind }) => hidden.includes(kind));
}

function item(member: ts.ClassElement | ts.TypeElement): string {
  const text = docs(member).join(" ");
  return `- ${code(signature(member))}${text === "" ? "" : `\\\n  ${text}`}`;
}

function code(text: string): string {
  return text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``;
}

/** A declaration without body and modifiers, on one line. */
function signature(node: ts.Node): string {
  const end = "body" in node && isNode(node.body) ? node.body.getStart() : node.getEnd();
  const text = node.getSourceFile().text.slice(node.getStart(), end);
  return text
    .replaceAll(/\b(export|override|readonly|abstract) (?=\S)/g, "")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/([([{]) /g, "$1")
    .replaceAll(/,? ([)\]])/g, "$1")
    .replace(/[\s;]+$/, "");
}

function isNode(value: unknown): value is ts.Node {
  return typeof value === "object" && value !== null && "getStart" in value;
}

/** The paragraphs of a docstring: the text, then its parameters, what it throws, and its default. */
function docs(node: ts.Node): string[] {
  const comments = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  return comments.flatMap(({ comment, tags = [] }) => [
    ...paragraphs(ts.getTextOfJSDocComment(comment)),
    ...tags.flatMap((tag) => tagText(tag)),
  ]);
}

function tagText(tag: ts.JSDocTag): string[] {
  const text = paragraphs(ts.getTextOfJSDocComment(tag.comment)).join(" ");
  switch (tag.tagName.text) {
    case "param":
      return [`${ts.isJSDocParameterTag(tag) ? `\`${tag.name.getText()}\`: ` : ""}${sentence(text)}`];
    case "throws":
      return [
        `Throws ${sentence(
          tag
            .getText()
            .replace(/^@throws\s+/, "")
            .replaceAll(/\s*\n\s*\*?\s*/g, " ")
            .trim(),
        )}`,
      ];
    case "default":
      return [`Default: ${sentence(text.replace(/^- /, ""))}`];
    default:
      return [];
  }
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function paragraphs(text = ""): string[] {
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replaceAll(/\s*\n\s*/g, " ").trim())
    .filter((paragraph) => paragraph !== "");
}
