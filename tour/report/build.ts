import { buildSync } from "esbuild";
import type { PageParts } from "./render";

/** Bundles the script of the page, including the plotting library, and its style sheet. */
export function buildPage(): PageParts {
  const { outputFiles } = buildSync({
    entryPoints: ["tour/report/page/main.ts", "tour/report/page/style.css"],
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
