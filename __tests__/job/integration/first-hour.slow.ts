/** Runs docs/first-hour.md on a copy of the project. */
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { cleanUp, newFolder, project } from "./support";

const run = promisify(execFile);

/** What the commands of the page need of the project. */
const needed = [
  "catalog",
  "dataset",
  "embedded-postgres",
  "errors",
  "job",
  "scripts",
  "package.json",
  "tsconfig.json",
];

afterAll(cleanUp);

interface Block {
  readonly language: string;
  readonly options: Readonly<Record<string, string>>;
  readonly text: string;
}

function blocks(page: string): Block[] {
  return [...page.matchAll(/^```(\w+) ?(.*)\n([^]*?)^```$/gm)].map(
    ([, language = "", options = "", text = ""]) => ({
      language,
      text,
      options: Object.fromEntries(
        options.split(" ").map((pair) => [pair.split("=")[0] ?? "", pair.split("=")[1] ?? ""]),
      ),
    }),
  );
}

function written(folder: string, { text, options }: Block): void {
  const file = join(folder, options["name"] ?? "");
  mkdirSync(dirname(file), { recursive: true });
  const encoding = options["encoding"];
  if (encoding === "utf16le") writeFileSync(file, `\uFEFF${text.replaceAll("\n", "\r\n")}`, encoding);
  else writeFileSync(file, text, encoding === "latin1" ? encoding : "utf8");
}

test("every command of docs/first-hour.md works, and nothing is rejected", async () => {
  const folder = newFolder();
  for (const name of needed) cpSync(join(project, name), join(folder, name), { recursive: true });
  symlinkSync(join(project, "node_modules"), join(folder, "node_modules"));
  const said: string[] = [];
  // The tests' own specifications are not those of the copy.
  const env = { ...process.env, SPECIFICATIONS: "" };
  for (const block of blocks(readFileSync(join(project, "docs/first-hour.md"), "utf8"))) {
    if (block.options["name"] !== undefined) written(folder, block);
    if (block.language !== "sh" || "skip" in block.options) continue;
    for (const command of block.text.trim().split("\n")) {
      const { stdout } = await run("sh", ["-c", command], { cwd: folder, env });
      said.push(`${command}\n${stdout}`);
    }
  }
  const output = said.join("\n");
  expect(output).not.toMatch(/[1-9]\d* rejected/);
  expect(output).toMatch(/2024-03-01\s+12\.300000000/);
  expect(output).toContain("8 periods: no differences");
  for (const name of ["Köln", "Zoë", "Müller"]) expect(output).toContain(name);
  expect(readFileSync(join(folder, "catalog/sales.ts"), "utf8")).toContain(
    `    url: "inbox/sales_{period}.csv",
    format: "csv",
    delimiter: ";",
    comment: "#",
    decimal: ",",
    thousands: ".",
    dateFormat: "%d.%m.%Y",`,
  );
}, 900_000);
