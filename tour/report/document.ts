import { createHash } from "node:crypto";
import { html, type Html, jsonForScript } from "./html";

/** Script and style sheet of a page. */
export interface PageParts {
  /** Draws the plots; see page/. */
  readonly script: string;
  readonly style: string;
}

/** What a page contains. */
export interface PageContent {
  readonly title: string;
  readonly header: Html;
  readonly main: Html;
  readonly footer: Html;
  /** Data of the script, embedded as JSON. */
  readonly data: object;
}

/** A self-contained page: its script is the only one that may run, and it loads nothing. */
export function pageDocument(content: PageContent, { script, style }: PageParts): string {
  // The page shows text from rejected lines, so only the script of the page itself may run.
  const hash = createHash("sha256").update(script).digest("base64");
  const policy = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-${hash}'`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <link rel="icon" href="data:," />
        <title>${content.title}</title>
        <style>
          ${{ html: style }}
        </style>
      </head>
      <body>
        <header>${content.header}</header>
        <main>${content.main}</main>
        <footer>${content.footer}</footer>
        <script type="application/json" id="data">
          ${jsonForScript(content.data)}
        </script>
        ${scriptElement(script)}
      </body>
    </html> `.html;
}

/** Not part of the template, because whitespace added by a formatter would change the hash of the script. */
function scriptElement(script: string): Html {
  return { html: `<script>${script}</script>` };
}
