import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "../..");

test.each([
  ['import "./absent";', 'Could not resolve "./absent"'],
  ["export default defineDataset({ id: };", 'Unexpected "}"'],
])(
  "a file that cannot be bundled is reported with its line, and without a stack trace: %s",
  (text, fault) => {
    const entry = `dist/typo-${process.pid}.ts`;
    mkdirSync(join(root, "dist"), { recursive: true });
    writeFileSync(join(root, entry), text);
    try {
      const { status, stderr } = spawnSync(process.execPath, ["scripts/run.mjs", entry], {
        cwd: root,
        encoding: "utf8",
      });
      expect(stderr).toContain(fault);
      expect(stderr).toContain(`${entry}:1:`);
      expect(stderr).not.toMatch(/\n\s+at /);
      expect(status).toBe(1);
    } finally {
      rmSync(join(root, entry));
    }
  },
);
