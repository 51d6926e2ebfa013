import fc from "fast-check";
import { type Effect, type Experiments, explain } from "../../../preview/causes/explain";

/** A change in which a key changes if all its files are those of head. */
function change(causes: Readonly<Record<string, readonly string[]>>, senseless: readonly string[][] = []) {
  const keysOf = (taken: (file: string) => boolean) =>
    new Set(Object.keys(causes).filter((key) => causes[key]?.every(taken)));
  const all = keysOf(() => true);
  let asked = 0;
  const ask = (keys: ReadonlySet<string>, inHead: (file: string) => boolean): Promise<Effect> => {
    asked++;
    const broken = senseless.some((group) => group.some(inHead) && !group.every(inHead));
    return Promise.resolve(broken ? undefined : keys);
  };
  const experiments: Experiments = {
    revert: (files) => {
      const left = keysOf((file) => !files.includes(file));
      return ask(new Set([...all].filter((key) => !left.has(key))), (file) => !files.includes(file));
    },
    apply: (files) =>
      ask(
        keysOf((file) => files.includes(file)),
        (file) => files.includes(file),
      ),
  };
  return { all, experiments, asked: () => asked };
}

const files = Array.from({ length: 40 }, (_, i) => `f${String(i).padStart(2, "0")}.ts`);

test("each file explains exactly the keys that it changes", async () => {
  const { all, experiments, asked } = change({ table: ["f03.ts"], job: ["f03.ts"], bucket: ["f31.ts"] });
  expect(await explain(files, all, experiments)).toEqual([
    { files: ["f03.ts"], keys: new Set(["table", "job"]) },
    { files: ["f31.ts"], keys: new Set(["bucket"]) },
  ]);
  expect(asked()).toBeLessThan(files.length / 1.5);
});

test("files with an effect only together are one explanation", async () => {
  // Reverting one of the files has no effect; reverting both does.
  const both = change({ table: ["f03.ts"] });
  const needed = {
    ...both.experiments,
    revert: (group: readonly string[]) =>
      Promise.resolve(
        new Set(group.includes("f03.ts") && group.includes("f31.ts") ? ["table"] : []) as Effect,
      ),
  };
  expect(await explain(files, both.all, needed)).toEqual([
    { files: ["f03.ts", "f31.ts"], keys: new Set(["table"]) },
  ]);
});

test("a file that head requires is applied to base", async () => {
  const { all, experiments } = change({ table: ["a.ts"] });
  const broken: Experiments = { ...experiments, revert: () => Promise.resolve(undefined) };
  expect(await explain(["a.ts"], all, experiments)).toEqual([{ files: ["a.ts"], keys: new Set(["table"]) }]);
  const [, found] = [all, await explain(["b.ts", "a.ts"], all, broken)];
  expect(found).toEqual([{ files: ["a.ts"], keys: new Set(["table"]) }]);
});

test("two files that are invalid without each other are one explanation", async () => {
  const { all, experiments } = change({ table: ["f03.ts", "f04.ts"] }, [["f03.ts", "f04.ts"]]);
  expect(await explain(files, all, experiments)).toEqual([
    { files: ["f03.ts", "f04.ts"], keys: new Set(["table"]) },
  ]);
});

test("a change without effect has no explanation and requires no experiment", async () => {
  const { all, experiments, asked } = change({});
  expect(await explain(files, all, experiments)).toEqual([]);
  expect(asked()).toBe(0);
});

test("keys remain unexplained after the maximum number of experiments", async () => {
  const { all, experiments, asked } = change({ table: ["f03.ts"] });
  await explain(files, all, experiments, 3);
  expect(asked()).toBeLessThanOrEqual(3);
});

test("every key is explained by the files that it requires", async () => {
  const cause = fc.dictionary(
    fc.constantFrom("a", "b", "c", "d"),
    fc.uniqueArray(fc.constantFrom(...files.slice(0, 12)), { minLength: 1, maxLength: 1 }),
  );
  await fc.assert(
    fc.asyncProperty(cause, async (causes) => {
      const { all, experiments } = change(causes);
      const found = await explain(files.slice(0, 12), all, experiments, 1_000);
      const explained = new Map(found.flatMap((one) => [...one.keys].map((key) => [key, one.files])));
      expect(Object.fromEntries(explained)).toEqual({ ...causes });
    }),
    { numRuns: 50 },
  );
});
