import { buildSync } from "esbuild";
import type { PageParts } from "./document";

/**
 * Bundles the script of a page, including the plotting library, and its style sheet.
 *
 * @param folder folder with `main.ts` and `style.css`. @default - that of the report
 */
export function buildPage(folder = "tour/report/page"): PageParts {
  const { outputFiles } = buildSync({
    entryPoints: [`${folder}/main.ts`, `${folder}/style.css`],
    outdir: "page",
    bundle: true,
    minify: true,
    write: false,
    platform: "browser",
    format: "iife",
    target: "es2022",
    logLevel: "warning",
  });
  const text = (ending: string) => {
    const found = outputFiles.find((file) => file.path.endsWith(ending));
    if (found === undefined) throw new Error(`the page's bundle has no ${ending} file`);
    return found.text;
  };
  return { script: text(".js"), style: text(".css") };
}
