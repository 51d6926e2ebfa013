/** Real plans with expectations, which are not part of the repository. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import { previewReport } from "../../preview/preview";
import { describeUnless } from "../support/unless";
import { renderAll } from "./support/render-all";

const folder = process.env["TRIBUTARY_PLANS"] ?? join(__dirname, "../../../shared/data/plans");
const missing = existsSync(folder)
  ? undefined
  : `${folder} does not exist; TRIBUTARY_PLANS can specify another folder`;
const index = z.array(z.looseObject({ file: z.string(), actions: z.record(z.string(), z.number()) }));
const read = (file: string) => JSON.parse(readFileSync(join(folder, file), "utf8")) as unknown;

describeUnless(missing)("published plans", () => {
  test("are rendered in all formats, with the counts of their index", () => {
    const wrong = index.parse(read("public/index.json")).flatMap(({ file, actions }) => {
      const report = previewReport({
        plans: [{ stack: "s", content: readFileSync(join(folder, "public", file)) }],
        truth: "state",
      });
      renderAll(report);
      const { counts } = report;
      const replaced = (actions["replace-delete-first"] ?? 0) + (actions["replace-create-first"] ?? 0);
      const pairs = [
        ["create", counts.create],
        ["update", counts.update],
        ["delete", counts.delete],
        ["forget", counts.forget],
        ["read", counts.read],
      ] as const;
      const differing = pairs.filter(([name, count]) => count !== (actions[name] ?? 0));
      return differing.length > 0 || counts.replace !== replaced ? [file] : [];
    });
    expect(wrong).toEqual([]);
  });
});

const cases = z.looseObject({
  cases: z.array(
    z.looseObject({
      id: z.string(),
      files: z.array(z.string()),
      expect: z.looseObject({ silent: z.optional(z.array(z.string())) }),
    }),
  ),
});

describeUnless(missing)("the reports do not show the secrets of", () => {
  test.each(["own/expected.json", "cases/cases.json"])("%s", (file) => {
    const place = file.split("/")[0] ?? "";
    const there = new Set(missing === undefined ? readdirSync(join(folder, place)) : []);
    const shown = cases.parse(read(file)).cases.flatMap(({ id, files, expect: { silent = [] } }) => {
      const secrets = silent.filter((text) => text.includes("S3cr3t"));
      if (secrets.length === 0) return [];
      const plans = files
        .filter((name) => there.has(name))
        .map((name) => ({ stack: name, content: readFileSync(join(folder, place, name)) }));
      const outputs = Object.entries(renderAll(previewReport({ plans, truth: "state" })));
      return outputs.flatMap(([format, text]) =>
        secrets.some((secret) => text.includes(secret)) ? [`${id} ${format}`] : [],
      );
    });
    expect(shown).toEqual([]);
  });
});
