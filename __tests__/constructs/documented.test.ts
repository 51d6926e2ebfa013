import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const folder = join(__dirname, "../../constructs");

/** Members of a file's exported interfaces that lack a word, or, when they may be left out, a default. */
function undocumented(file: string): string[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(join(folder, file), "utf8"),
    ts.ScriptTarget.Latest,
    true,
  );
  return source.statements
    .filter(ts.isInterfaceDeclaration)
    .filter(({ modifiers }) => modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
    .flatMap((declared) =>
      declared.members.flatMap((member) => {
        const words = ts
          .getJSDocCommentsAndTags(member)
          .map((doc) => doc.getText())
          .join("");
        const name = `${file}: ${declared.name.text}.${member.name?.getText() ?? ""}`;
        if (words === "") return [`${name} has no words`];
        return member.questionToken && !words.includes("@default") ? [`${name} has no @default`] : [];
      }),
    );
}

test("every prop says what it is, and what it is when it is left out", () => {
  expect(readdirSync(folder).flatMap(undocumented)).toEqual([]);
});
