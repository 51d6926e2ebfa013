import type { Finding, Rule } from "../rule";
import type { Resource } from "../synthesis";
import { at } from "../values";

/** No plan can delete resources with data, and backups are kept. For environments that cannot create their data again. */
export function protectedData(): Rule {
  return ({ resources }): Finding[] =>
    resources.flatMap((resource) =>
      demands(resource)
        .map((demand) => ({ ...demand, value: at(resource.values, demand.setting) }))
        .filter(({ value, holds }) => !holds(value))
        .map(({ setting, value, wanted }) => ({
          path: resource.path,
          found:
            value === undefined
              ? `does not set ${setting}, which protects its data`
              : `sets ${setting} to ${JSON.stringify(value)}, which does not protect its data`,
          fix: `set it to ${wanted}`,
        })),
    );
}

interface Demand {
  readonly setting: string;
  readonly holds: (value: unknown) => boolean;
  readonly wanted: string;
}

function exactly(setting: string, wanted: boolean | string): Demand {
  return { setting, wanted: JSON.stringify(wanted), holds: (value) => value === wanted };
}

function atLeast(setting: string, least: number): Demand {
  return {
    setting,
    wanted: `${least} or more`,
    holds: (value) => typeof value === "number" && value >= least,
  };
}

function demands({ type, values }: Resource): readonly Demand[] {
  switch (type) {
    case "google_storage_bucket": {
      const kept = at(values, "versioning.enabled") === true || at(values, "retention_policy") !== undefined;
      const softDelete = atLeast("soft_delete_policy.retention_duration_seconds", 604_800);
      return [exactly("force_destroy", false), ...(kept ? [] : [softDelete])];
    }
    case "google_bigquery_dataset":
      return [exactly("delete_contents_on_destroy", false)];
    case "google_bigquery_table": {
      const computed = ["external_data_configuration", "view", "materialized_view"];
      const holdsData = computed.every((kind) => values[kind] === undefined);
      return holdsData ? [exactly("deletion_protection", true)] : [];
    }
    case "google_sql_database_instance":
      return [
        exactly("deletion_protection", true),
        exactly("settings.deletion_protection_enabled", true),
        exactly("settings.retain_backups_on_delete", true),
        exactly("settings.backup_configuration.enabled", true),
        exactly("settings.backup_configuration.point_in_time_recovery_enabled", true),
        atLeast("settings.backup_configuration.backup_retention_settings.retained_backups", 7),
      ];
    case "google_sql_database":
      return [exactly("deletion_policy", "ABANDON")];
    default:
      return [];
  }
}
