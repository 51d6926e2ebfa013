import { readFileSync } from "node:fs";
import { join } from "node:path";
import { apiPage } from "../../scripts/constructs/api-page";

const project = join(__dirname, "../..");

test("docs/constructs.md is what the docstrings say; if a change is meant: npm run pack:constructs", () => {
  expect(readFileSync(join(project, "docs/constructs.md"), "utf8")).toBe(
    apiPage(join(project, "constructs")),
  );
});
