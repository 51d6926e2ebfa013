import { ownFile } from "../../own-file";
import type { PageParts } from "./page-parts";

/** Bundles the script and style sheet of the page. */
export async function buildPage(): Promise<PageParts> {
  // Loaded on demand, because only this format requires it.
  const { buildSync } = await import("esbuild");
  const { outputFiles } = buildSync({
    entryPoints: ["main.ts", "style.css"].map((name) => ownFile(`preview/render/html/page/${name}`)),
    outdir: "page",
    bundle: true,
    minify: true,
    write: false,
    platform: "browser",
    format: "iife",
    target: "es2022",
    logLevel: "warning",
  });
  const text = (ending: string) => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? "";
  return { script: text(".js"), style: text(".css") };
}
