import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const folder = join(__dirname, "../../constructs");

const files = readdirSync(folder).filter((file) => file.endsWith(".ts"));

function parsed(file: string): ts.SourceFile {
  const text = readFileSync(join(folder, file), "utf8");
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
}

type Declared =
  ts.ClassDeclaration | ts.FunctionDeclaration | ts.InterfaceDeclaration | ts.TypeAliasDeclaration;

function exported(file: string): Declared[] {
  return parsed(file)
    .statements.filter(
      (statement): statement is Declared =>
        ts.isClassDeclaration(statement) ||
        ts.isFunctionDeclaration(statement) ||
        ts.isInterfaceDeclaration(statement) ||
        ts.isTypeAliasDeclaration(statement),
    )
    .filter(({ modifiers }) => modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword));
}

function docstring(node: ts.Node): string {
  return ts
    .getJSDocCommentsAndTags(node)
    .map((doc) => doc.getText())
    .join("");
}

/** Members of a type at any depth that have no docstring or, if they can be left out, no default. */
function undocumented(where: string, node: ts.Node): string[] {
  const found: string[] = [];
  node.forEachChild(function visit(child) {
    if (ts.isTypeElement(child) && child.name !== undefined) {
      const name = `${where}.${child.name.getText()}`;
      const text = docstring(child);
      if (text === "") found.push(`${name} has no docstring`);
      else if (child.questionToken && !text.includes("@default")) found.push(`${name} has no @default`);
    }
    child.forEachChild(visit);
  });
  return found;
}

describe("constructs/", () => {
  test("every prop has a docstring, and a default if it can be left out", () => {
    const types = files.flatMap((file) =>
      exported(file)
        .filter((declared) => ts.isInterfaceDeclaration(declared) || ts.isTypeAliasDeclaration(declared))
        .flatMap((declared) => undocumented(`${file}: ${declared.name.text}`, declared)),
    );
    expect(types).toEqual([]);
  });

  test("everything exported has a docstring, but props, whose construct has it", () => {
    const missing = files.flatMap((file) =>
      exported(file)
        .filter((declared) => docstring(declared) === "" && !declared.name?.text.endsWith("Props"))
        .map((declared) => `${file}: ${declared.name?.text ?? ""}`),
    );
    expect(missing).toEqual([]);
  });

  test("every file but the entries has a test file of its name", () => {
    const tests = readdirSync(__dirname);
    const entries = ["index.ts", "aws.ts"];
    const missing = files.filter(
      (file) => !entries.includes(file) && !tests.includes(file.replace(/\.ts$/, ".test.ts")),
    );
    expect(missing).toEqual([]);
  });

  test("every file imports from its own folder, Node, cdktf, constructs and the providers only", () => {
    const imported = files.flatMap((file) =>
      parsed(file)
        .statements.filter(
          (statement) => ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement),
        )
        .flatMap(({ moduleSpecifier }) => moduleSpecifier?.getText().slice(1, -1) ?? []),
    );
    const own = /^(\.\/[\w-]+|node:\w+|cdktf|constructs|@cdktf\/provider-(google|aws)\/lib\/[\w-]+)$/;
    expect(imported.length).toBeGreaterThan(100);
    expect(imported.filter((module) => !own.test(module))).toEqual([]);
  });
});
