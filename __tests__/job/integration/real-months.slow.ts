/** The tests of months.test.ts and traps.test.ts with real files. */
import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { fileOf, months, monthsAreIngested } from "./months";
import { realData } from "./support";
import { trapsAreIngested } from "./traps";

const reason = existsSync(realData) ? undefined : `${realData} does not exist`;

monthsAreIngested("three real months", {
  reason,
  rows: 10_000,
  write: (folder) => {
    for (const month of months) cpSync(join(realData, fileOf(month)), join(folder, fileOf(month)));
  },
});

trapsAreIngested("the first rows of real files", { reason, folder: () => join(realData, "drift") });
