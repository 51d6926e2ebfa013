import { measured, spread, spreadText } from "../../../checks/bench/measure";

test("spread has median, minimum and maximum", () => {
  expect(spread([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
  expect(spread([4, 1, 3, 2])).toEqual({ median: 2.5, min: 1, max: 4 });
  expect(spreadText(spread([3, 1, 2]), 1)).toBe("2.0 (1.0-3.0)");
});

test("measured reports the memory of the largest process, including child processes", async () => {
  const large = "const kept = Buffer.alloc(150e6, 1); process.exitCode = kept.length > 0 ? 0 : 1;";
  const start = `require("child_process").execFileSync(process.execPath, ["-e", ${JSON.stringify(large)}]);`;
  const [small, parent] = await measured(
    [
      { name: "small", args: ["-e", ""] },
      { name: "parent of a large one", args: ["-e", start] },
    ],
    1,
  );
  expect(small?.megabytes.median).toBeLessThan(100);
  expect(parent?.megabytes.median).toBeGreaterThan(150);
});

test("measured throws an error with the output of a failed command", async () => {
  const way = { name: "broken", args: ["-e", "console.error('no such stack'); process.exit(3)"] };
  await expect(measured([way], 1)).rejects.toThrow(/broken failed:[\s\S]*no such stack/);
});
