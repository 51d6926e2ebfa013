import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod/mini";
import { loadCatalog } from "../../fixtures/catalog";
import type { Environment } from "../../../config/settings/environment";
import { environments, loadEnvironment } from "../../fixtures/config";
import { checkov } from "../../../checks/checkov/install";
import { judged } from "../../../checks/checkov/judge";
import { type Suppression, suppressions } from "../../../checks/checkov/suppressions";
import { synthesized } from "../../../scripts/synthesized";
import { withComposer } from "../../../scripts/with-composer";

interface Construct {
  readonly stack: string;
  readonly path: string;
  readonly type: string;
  readonly values: object;
}

const metadata = z.looseObject({ "//": z.object({ metadata: z.object({ path: z.string() }) }) });

/** The resource constructs of all environments, changed in some way. */
function constructsOf(change: (environment: Environment) => Environment = (same) => same): Construct[] {
  return environments.flatMap(({ name }) => {
    const stacks = synthesized({ environment: change(loadEnvironment(name)), catalog: loadCatalog() });
    return [...stacks].flatMap(([stack, { resource }]) =>
      Object.entries(resource).flatMap(([type, byId]) =>
        Object.values(byId).map((values) => ({
          stack,
          path: metadata.parse(values)["//"].metadata.path,
          type,
          values,
        })),
      ),
    );
  });
}

/** Of constructs, those that a suppression covers, as the check judges it. */
function covered(suppression: Suppression, constructs: readonly Construct[]): Construct[] {
  const { check } = suppression;
  return constructs.filter(({ stack, path }) => {
    const finding = { stack, check, construct: path, title: "" };
    return judged([finding], [suppression]).open.length === 0;
  });
}

const all = [
  ...constructsOf(),
  ...constructsOf(withComposer).filter(({ stack }) => stack.endsWith("-composer")),
];
const kmsKey = "projects/p/locations/europe-west6/keyRings/r/cryptoKeys/k";
const withKey = constructsOf((environment) => ({ ...environment, kmsKey }));
const encryptable = [
  "google_artifact_registry_repository",
  "google_bigquery_dataset",
  "google_bigquery_table",
];
const flags = (...wanted: object[]) =>
  expect.objectContaining({
    settings: expect.objectContaining({
      database_flags: expect.arrayContaining(wanted) as unknown,
    }) as unknown,
  }) as unknown;

/** What the reason of each suppression states, by check and constructs. */
const facts: Readonly<Record<string, (constructs: readonly Construct[], suppression: Suppression) => void>> =
  {
    "CKV_GCP_62 *": () => {
      const audited = all.filter(({ type }) => type === "google_project_iam_audit_config");
      expect(audited.map(({ values }) => values)).toMatchObject(
        environments.map(() => ({
          service: "storage.googleapis.com",
          audit_log_config: [{ log_type: "DATA_READ" }, { log_type: "DATA_WRITE" }],
        })),
      );
      const usage = constructsOf((environment) => ({ ...environment, audit: { usageLogs: true } })).filter(
        ({ type, path }) => type === "google_storage_bucket" && !/access-logs/.test(path),
      );
      for (const { values } of usage) expect(values).toHaveProperty("logging");
    },
    "CKV2_GCP_4 *-foundation/data-access-logs/Resource": (constructs) => {
      expect(constructs).toHaveLength(environments.length);
      const logs = all.filter(
        ({ path, type }) => type === "google_storage_bucket" && /access-logs/.test(path),
      );
      expect(logs).toHaveLength(environments.length);
      for (const { values } of logs)
        expect(values).toMatchObject({
          versioning: { enabled: true },
          soft_delete_policy: { retention_duration_seconds: 604_800 },
        });
    },
    "CKV_GCP_80 *-warehouse/*": holdTheKey,
    "CKV_GCP_81 *-warehouse/*": holdTheKey,
    "CKV_GCP_84 *-foundation/images/Resource": holdTheKey,
    "CKV_GCP_121 dev-warehouse/*": () => {
      expect(loadEnvironment("dev").protectData).toBe(false);
    },
    "CKV_GCP_121 *-warehouse/*_lake/Resource": (constructs) => {
      for (const { values } of constructs) expect(values).toHaveProperty("external_data_configuration");
    },
    "CKV_GCP_125 *-foundation/ci/github": (constructs) => {
      for (const { values } of constructs)
        expect(values).toMatchObject({
          attribute_condition: expect.stringMatching(
            /^assertion\.repository_id == "\d+" && assertion\.repository_owner_id == "\d+"$/,
          ) as unknown,
        });
    },
    "CKV_GCP_49 *-composer/composer/composer-worker": (constructs) => {
      for (const { values } of constructs)
        expect(values).toMatchObject({
          role: "roles/composer.worker",
          member: expect.stringMatching(/^serviceAccount:.*-composer@/) as unknown,
        });
    },
    "CKV_GCP_54 *-database/postgres/Resource": (constructs) => {
      for (const { values } of constructs)
        expect(values).toEqual(flags({ name: "log_lock_waits", value: "on" }));
    },
    "CKV_GCP_57 *-database/postgres/Resource": (constructs) => {
      for (const { values } of constructs)
        expect(values).toEqual(flags({ name: "log_min_duration_statement", value: "-1" }));
    },
  };

/** With a key in the environment, it encrypts what the suppression covers. */
function holdTheKey(_: readonly Construct[], suppression: Suppression): void {
  const constructs = covered(suppression, withKey).filter(({ type }) => encryptable.includes(type));
  expect(constructs).not.toEqual([]);
  for (const { type, values } of constructs) {
    // An external table holds nothing to encrypt, and BigQuery does not take a key for it.
    if ("external_data_configuration" in values) continue;
    // A table takes the key of its dataset.
    if (type !== "google_bigquery_table") expect(JSON.stringify(values)).toContain(kmsKey);
  }
}

test("this file tests exactly the reasons of all suppressions", () => {
  const names = suppressions.map(({ check, constructs }) => `${check} ${constructs}`);
  expect(Object.keys(facts).sort()).toEqual([...names].sort());
});

test.each(
  suppressions.map((suppression) => [suppression.check, suppression.constructs, suppression] as const),
)(
  "the suppression of %s for %s covers constructs, and its reason is true of them",
  (check, constructs, suppression) => {
    const found = covered(suppression, all);
    expect(found).not.toEqual([]);
    facts[`${check} ${constructs}`]?.(found, suppression);
  },
);

test("checkov is missing without Python, with the reason", async () => {
  const cache = mkdtempSync(join(tmpdir(), "checkov-"));
  try {
    expect(await checkov(cache, "no-such-python")).toEqual({
      kind: "missing",
      title: "checkov 3.3.30",
      reason: "no-such-python is not installed: https://www.python.org/downloads",
    });
  } finally {
    rmSync(cache, { recursive: true });
  }
});
