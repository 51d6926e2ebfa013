import { ownFile } from "../../own-file";
import type { PageParts } from "./html";

/** Bundles the page's script and style sheet from their sources in this folder. */
export async function buildPage(): Promise<PageParts> {
  // Loaded by whoever wants a page: the other formats need not wait for it.
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
