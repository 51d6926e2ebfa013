import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundled } from "../../scripts/bundled";

const project = join(__dirname, "../..");

test.each(["guardrails/index.ts", "guardrails/jest.ts"])(
  "%s needs nothing of the project but guardrails/, and of packages cdktf and zod with what these need",
  (entry) => {
    const folder = mkdtempSync(join(tmpdir(), "alone-"));
    try {
      const inputs = bundled(entry, join(folder, "out.js"), project);
      const own = inputs.filter((file) => !/(^|\/)node_modules\//.test(file));
      expect(own.filter((file) => !file.startsWith("guardrails/"))).toEqual([]);
      expect(own).toContain(entry);
      const packages = new Set(
        inputs.flatMap((file) => /(?:^|\/)node_modules\/((@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []),
      );
      expect(packages).toContain("cdktf");
      expect([...packages].filter((name) => /^@cdktf\/provider-/.test(name))).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
