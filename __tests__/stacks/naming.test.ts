import fc from "fast-check";
import { NameError, Names } from "../../stacks/naming";

const project = { id: "my-project", number: "100000000001" };
const names = new Names({ name: "dev", project, region: "europe-west6" });

/** Names of the longest project and environment there can be. */
const longest = new Names({
  name: "staging1",
  project: { ...project, id: "p".repeat(30) },
  region: "europe-west6",
});

/** What may follow in a name: the form of a data set's id. */
const purpose = fc.stringMatching(/^[a-z][a-z0-9_]{0,38}[a-z0-9]$/);

/** Each kind of name, and the service's own rule for it, written down apart from the module's. */
const kinds: Record<string, { readonly of: (names: Names, text: string) => string; readonly rule: RegExp }> =
  {
    bucket: { of: (from, text) => from.bucket(text), rule: /^(?=.{3,63}$)[a-z0-9][a-z0-9-]*[a-z0-9]$/ },
    dataset: { of: (from, text) => from.dataset(text), rule: /^[A-Za-z0-9_]{1,1024}$/ },
    "service account": {
      of: (from, text) => from.serviceAccount(text),
      rule: /^(?=.{6,30}$)[a-z][a-z0-9-]*[a-z0-9]$/,
    },
    job: { of: (from, text) => from.job(text), rule: /^(?=.{1,49}$)[a-z][a-z0-9-]*[a-z0-9]$/ },
    schedule: { of: (from, text) => from.schedule(text), rule: /^[A-Za-z0-9_-]{1,500}$/ },
    workflow: { of: (from, text) => from.workflow(text), rule: /^[a-z][A-Za-z0-9_-]{0,63}$/ },
    repository: {
      of: (from, text) => from.repository(text),
      rule: /^(?=.{1,63}$)[a-z]([a-z0-9-]*[a-z0-9])?$/,
    },
    network: {
      of: (from, text) => `${from.network(text)}-deny-ingress`,
      rule: /^(?=.{1,63}$)[a-z]([a-z0-9-]*[a-z0-9])?$/,
    },
    instance: { of: (from, text) => `${"p".repeat(30)}:${from.instance(text)}`, rule: /^.{1,98}$/ },
    "identity pool": { of: (from, text) => from.identityPool(text), rule: /^(?=.{4,32}$)[a-z0-9-]+$/ },
    role: { of: (from, text) => `${from.role(text)}_grants`, rule: /^[a-zA-Z0-9_.]{3,64}$/ },
    "transfer job": {
      of: (from, text) => `transferJobs/${from.transferJob(text)}`,
      rule: /^(?=.{1,128}$)transferJobs\/[\w-]+$/,
    },
    "AWS role": { of: (from, text) => from.awsRole(text), rule: /^[\w+=,.@-]{1,64}$/ },
    queue: { of: (from, text) => `${from.queue(text)}-dead`, rule: /^[\w-]{1,80}$/ },
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

test("paths are made of names", () => {
  expect(names.networkPath("platform")).toBe("projects/my-project/global/networks/dev-platform");
  expect(names.subnetPath("platform")).toBe(
    "projects/my-project/regions/europe-west6/subnetworks/dev-platform-subnet",
  );
  expect(names.connection("postgres-1")).toBe("my-project:europe-west6:dev-postgres-1");
});

describe.each(Object.entries(kinds))("%s", (kind, { of, rule }) => {
  test("fits what the service accepts, for every purpose", () => {
    fc.assert(
      fc.property(purpose, (text) => {
        expect(of(names, text)).toMatch(rule);
        expect(of(longest, text)).toMatch(rule);
      }),
    );
  });

  test("is the same each time, and another for another purpose", () => {
    fc.assert(
      fc.property(purpose, purpose, (one, other) => {
        fc.pre(one !== other);
        expect(of(longest, one)).toBe(of(longest, one));
        expect(of(longest, one)).not.toBe(of(longest, other));
      }),
    );
  });

  test.each(["Lake", "la ke", "läke", ""])('refuses "%s" and says what it must be', (text) => {
    expect(() => of(names, text)).toThrow(NameError);
    expect(() => of(names, text)).toThrow(`is no name for a ${kind}: it must be `);
  });
});
