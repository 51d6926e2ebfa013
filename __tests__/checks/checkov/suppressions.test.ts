import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadCatalog } from "../../../catalog";
import { environments, loadEnvironment } from "../../../config";
import { checkov } from "../../../checks/checkov/install";
import { suppressions } from "../../../checks/checkov/suppressions";
import { synthesized } from "../../../scripts/synthesized";

test.each(suppressions.map(({ check, constructs, reason }) => [check, constructs, reason]))(
  "suppression of %s for %s has a reason",
  (_check, _constructs, reason) => {
    expect(reason.trim().split(/\s+/).length).toBeGreaterThan(5);
  },
);

/** Replaces CKV_GCP_54 and CKV_GCP_57. */
test.each(environments.map(({ name }) => name))(
  "Postgres instance of %s logs lock waits and no statements",
  (name) => {
    const stacks = synthesized({ environment: loadEnvironment(name), catalog: loadCatalog() });
    const instances = [...stacks.values()].flatMap(({ resource }) =>
      Object.values(resource.google_sql_database_instance ?? {}),
    );
    expect(instances).not.toEqual([]);
    for (const instance of instances) {
      expect(instance).toMatchObject({
        settings: {
          database_flags: expect.arrayContaining([
            { name: "log_lock_waits", value: "on" },
            { name: "log_min_duration_statement", value: "-1" },
          ]) as unknown,
        },
      });
    }
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
