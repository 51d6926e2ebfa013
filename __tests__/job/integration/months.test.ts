import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Period } from "../../../dataset";
import { monthFile } from "../../../tour/sample/month";
import { fileOf, months, monthsAreIngested } from "./months";

/** Fewer rows than up to the first invalid one of the sample. */
const rows = 2_000;

/** The first rows of a month of the sample, which has CRLF, a blank line and an empty column like the real files. */
function start(month: string): string {
  let text = "";
  for (const piece of monthFile(Period.parse("month", month))) {
    text += piece;
    const lines = text.split("\r\n");
    const blank = lines[1] === "" ? 1 : 0;
    if (lines.length > rows + blank + 2) return `${lines.slice(0, rows + blank + 1).join("\r\n")}\r\n`;
  }
  throw new Error(`the sample of ${month} has fewer than ${rows} rows`);
}

monthsAreIngested("three months of the sample", {
  rows,
  write: (folder) => {
    for (const month of months) writeFileSync(join(folder, fileOf(month)), gzipSync(start(month)));
  },
});
