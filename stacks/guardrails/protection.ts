import type { Finding, Platform, Resource } from "./platform";
import { at } from "./values";

/** Where the environment protects its data, nothing that holds data can be deleted by a plan, and backups are kept. */
export function protectedData({ environment, resources }: Platform): Finding[] {
  if (!environment.protectData) return [];
  return resources.flatMap((resource) =>
    demands(resource)
      .filter(({ setting, value }) => at(resource.values, setting) !== value)
      .map(({ setting, value }) => {
        const found: unknown = at(resource.values, setting);
        return {
          path: resource.path,
          found: `has ${setting} ${found === undefined ? "unset" : JSON.stringify(found)}, but ${environment.name} protects its data`,
          fix: `set it to ${JSON.stringify(value)}`,
        };
      }),
  );
}

interface Demand {
  readonly setting: string;
  readonly value: boolean | string;
}

function demands({ type, values }: Resource): readonly Demand[] {
  switch (type) {
    case "google_storage_bucket":
      return [{ setting: "force_destroy", value: false }];
    case "google_bigquery_dataset":
      return [{ setting: "delete_contents_on_destroy", value: false }];
    case "google_bigquery_table": {
      const holdsData = values["external_data_configuration"] === undefined && values["view"] === undefined;
      return holdsData ? [{ setting: "deletion_protection", value: true }] : [];
    }
    case "google_sql_database_instance":
      return [
        { setting: "deletion_protection", value: true },
        { setting: "settings.deletion_protection_enabled", value: true },
        { setting: "settings.backup_configuration.enabled", value: true },
        { setting: "settings.backup_configuration.point_in_time_recovery_enabled", value: true },
      ];
    default:
      return [];
  }
}
