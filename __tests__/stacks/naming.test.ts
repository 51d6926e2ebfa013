import fc from "fast-check";
import { ConfigurationError } from "../../errors/faults";
import { nameOf, type NameKind, Names } from "../../stacks/naming";

const project = { id: "my-project", number: "100000000001" };
const names = new Names({ name: "dev", project, region: "europe-west6" });

/** The start of a name: the environment, and for buckets also the project ID. */
type Leading = readonly string[];
const usual: Leading = ["dev"];
/** The longest possible environment and project. */
const longest: Leading = ["staging1"];
const longestProject = "p".repeat(30);

/** The end of a name: any valid id of a data set. */
const purpose = fc.stringMatching(/^[a-z][a-z0-9_]{0,38}[a-z0-9]$/);

/** Each kind of name as the platform uses it, and the rule of the service, written independently of the module. */
const kinds: Readonly<Record<NameKind, { readonly used?: (name: string) => string; readonly rule: RegExp }>> =
  {
    bucket: { rule: /^(?=.{3,63}$)[a-z0-9][a-z0-9-]*[a-z0-9]$/ },
    dataset: { rule: /^[A-Za-z0-9_]{1,1024}$/ },
    "service account": { rule: /^(?=.{6,30}$)[a-z][a-z0-9-]*[a-z0-9]$/ },
    job: { rule: /^(?=.{1,49}$)[a-z][a-z0-9-]*[a-z0-9]$/ },
    schedule: { rule: /^[A-Za-z0-9_-]{1,500}$/ },
    workflow: { rule: /^[a-z][A-Za-z0-9_-]{0,63}$/ },
    repository: { rule: /^(?=.{1,63}$)[a-z]([a-z0-9-]*[a-z0-9])?$/ },
    network: { used: (name) => `${name}-deny-ingress`, rule: /^(?=.{1,63}$)[a-z]([a-z0-9-]*[a-z0-9])?$/ },
    instance: { used: (name) => `${longestProject}:${name}`, rule: /^.{1,98}$/ },
    "Kafka cluster": { rule: /^(?=.{1,63}$)[a-z][a-z0-9-]*[a-z0-9]$/ },
    "identity pool": { rule: /^(?=.{4,32}$)[a-z0-9-]+$/ },
    role: { used: (name) => `${name}_grants`, rule: /^[a-zA-Z0-9_.]{3,64}$/ },
    "BigQuery connection": { rule: /^[\w-]{1,64}$/ },
    "transfer job": { used: (name) => `transferJobs/${name}`, rule: /^(?=.{1,128}$)transferJobs\/[\w-]+$/ },
    "AWS role": { rule: /^[\w+=,.@-]{1,64}$/ },
    "Composer environment": { rule: /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/ },
    sink: { rule: /^[\w.-]{1,100}$/ },
    queue: { used: (name) => `${name}-dead`, rule: /^[\w-]{1,80}$/ },
  };

const kindNames = Object.keys(kinds).filter((kind): kind is NameKind => kind in kinds);

/** The name of a resource of this kind, for a purpose. */
function named(kind: NameKind, leading: Leading, text: string): string {
  return nameOf(kind, [...(kind === "bucket" ? [longestProject] : []), ...leading, text]);
}

test("Names contain the environment and the purpose", () => {
  expect(names.bucket("lake")).toBe("my-project-dev-lake");
  expect(names.dataset("raw")).toBe("dev_raw");
  expect(names.serviceAccountEmail("ingest")).toBe("dev-ingest@my-project.iam.gserviceaccount.com");
  expect(names.job("ingest")).toBe("dev-ingest");
  expect(names.job("backfill", "large")).toBe("dev-backfill-large");
  expect(names.workflow("ingest")).toBe("dev-ingest");
});

test("nameOf truncates a long name and appends a hash", () => {
  expect(named("service account", usual, "ingest_a_very_long_name_indeed")).toMatch(
    /^dev-ingest-a-very-long-[0-9a-f]{6}$/,
  );
});

test("Names has paths that contain the names", () => {
  expect(names.networkPath("platform")).toBe("projects/my-project/global/networks/dev-platform");
  expect(names.subnetPath("platform")).toBe(
    "projects/my-project/regions/europe-west6/subnetworks/dev-platform-subnet",
  );
  expect(names.connection("postgres", 1)).toBe("my-project:europe-west6:dev-postgres-1");
  expect(names.databaseUser("ingest")).toBe("dev-ingest@my-project.iam");
});

test("scheduleAt is a valid name of its own for every time", () => {
  const field = fc.constantFrom("*", "0", "5", "*/6", "1-5", "1,5", "15");
  const time = fc.record({
    cron: fc.array(field, { minLength: 5, maxLength: 5 }).map((fields) => fields.join(" ")),
    zone: fc.constantFrom("Etc/UTC", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "Etc/GMT-5"),
  });
  fc.assert(
    fc.property(time, time, (one, other) => {
      const name = names.scheduleAt(one.cron, one.zone);
      expect(name).toMatch(kinds.schedule.rule);
      expect(name === names.scheduleAt(other.cron, other.zone)).toBe(
        one.cron === other.cron && one.zone === other.zone,
      );
    }),
  );
});

describe.each(kindNames)("nameOf for a %s", (kind) => {
  const { used = (name: string) => name, rule } = kinds[kind];

  test("is accepted by the service, for every purpose", () => {
    fc.assert(
      fc.property(purpose, (text) => {
        expect(used(named(kind, usual, text))).toMatch(rule);
        expect(used(named(kind, longest, text))).toMatch(rule);
      }),
    );
  });

  test("is deterministic and unique per purpose", () => {
    fc.assert(
      fc.property(purpose, purpose, (one, other) => {
        fc.pre(one !== other);
        expect(named(kind, longest, one)).toBe(named(kind, longest, one));
        expect(named(kind, longest, one)).not.toBe(named(kind, longest, other));
      }),
    );
  });

  test.each(["Lake", "la ke", "läke", ""])('rejects "%s"', (text) => {
    expect(() => named(kind, usual, text)).toThrow(ConfigurationError);
    expect(() => named(kind, usual, text)).toThrow(`the name of a ${kind}: 1 fault`);
  });
});
