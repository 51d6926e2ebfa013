import fc from "fast-check";
import { NameError, Names } from "../../stacks/naming";

const names = new Names({ name: "dev", project: { id: "my-project", number: "100000000001" } });

/** Names of the longest project and environment there can be. */
const longest = new Names({ name: "staging1", project: { id: "p".repeat(30), number: "100000000001" } });

/** What may follow in a name: the form of a data set's id. */
const purpose = fc.stringMatching(/^[a-z][a-z0-9_]{0,38}[a-z0-9]$/);

const kinds = {
  bucket: (of: Names, text: string) => of.bucket(text),
  dataset: (of: Names, text: string) => of.dataset(text),
  "service account": (of: Names, text: string) => of.serviceAccount(text),
  job: (of: Names, text: string) => of.job(text),
  schedule: (of: Names, text: string) => of.schedule(text),
};
/** The services' own rules, written down apart from the module's. */
const accepted: Record<keyof typeof kinds, RegExp> = {
  bucket: /^(?=.{3,63}$)[a-z0-9][a-z0-9-]*[a-z0-9]$/,
  dataset: /^[A-Za-z0-9_]{1,1024}$/,
  "service account": /^(?=.{6,30}$)[a-z][a-z0-9-]*[a-z0-9]$/,
  job: /^(?=.{1,49}$)[a-z][a-z0-9-]*[a-z0-9]$/,
  schedule: /^[A-Za-z0-9_-]{1,500}$/,
};

test("names say the environment and the purpose", () => {
  expect(names.bucket("lake")).toBe("my-project-dev-lake");
  expect(names.dataset("raw")).toBe("dev_raw");
  expect(names.serviceAccountEmail("ingest")).toBe("dev-ingest@my-project.iam.gserviceaccount.com");
  expect(names.job("ingest-yellow_tripdata")).toBe("dev-ingest-yellow-tripdata");
});

test("what is too long keeps its start and ends in a hash", () => {
  expect(names.serviceAccount("ingest_a_very_long_name_indeed")).toMatch(
    /^dev-ingest-a-very-long-[0-9a-f]{6}$/,
  );
});

describe.each(Object.entries(kinds))("%s", (kind, nameOf) => {
  test("fits what the service accepts, for every purpose", () => {
    const form = Object.entries(accepted).find(([name]) => name === kind)?.[1];
    fc.assert(
      fc.property(purpose, (text) => {
        expect(nameOf(names, text)).toMatch(form ?? /^never$/);
        expect(nameOf(longest, text)).toMatch(form ?? /^never$/);
      }),
    );
  });

  test("is the same each time, and another for another purpose", () => {
    fc.assert(
      fc.property(purpose, purpose, (one, other) => {
        expect(nameOf(longest, one)).toBe(nameOf(longest, one));
        fc.pre(one !== other);
        expect(nameOf(longest, one)).not.toBe(nameOf(longest, other));
      }),
    );
  });

  test.each(["Lake", "la ke", "läke", ""])('refuses "%s" and says what it must be', (text) => {
    expect(() => nameOf(names, text)).toThrow(NameError);
    expect(() => nameOf(names, text)).toThrow(`is no name for a ${kind}: it must be `);
  });
});
