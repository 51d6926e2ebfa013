import { protectedData } from "../../../guardrails";
import { type Case, type Resources, said } from "../support";

const bucket = { force_destroy: false, versioning: [{ enabled: true }] };
const unversioned = { force_destroy: false, soft_delete_policy: { retention_duration_seconds: 604_800 } };
const backups = {
  enabled: true,
  point_in_time_recovery_enabled: true,
  backup_retention_settings: { retained_backups: 7 },
};
const settings = {
  deletion_protection_enabled: true,
  retain_backups_on_delete: true,
  backup_configuration: backups,
};
const instance = { deletion_protection: true, settings };

const whole: Resources = {
  google_storage_bucket: {
    versioned: bucket,
    soft: unversioned,
    locked: { force_destroy: false, retention_policy: {} },
  },
  google_bigquery_dataset: { raw: { delete_contents_on_destroy: false } },
  google_bigquery_table: {
    trips: { deletion_protection: true },
    lake: { external_data_configuration: {} },
    view: { view: {} },
    materialized: { materialized_view: {} },
  },
  google_sql_database_instance: { postgres: instance },
  google_sql_database: { warehouse: { deletion_policy: "ABANDON" } },
};

const changes: readonly (readonly [
  type: string,
  values: object,
  setting: string,
  was: string,
  wanted: string,
])[] = [
  ["google_storage_bucket", { ...bucket, force_destroy: true }, "force_destroy", "true", "false"],
  ["google_storage_bucket", { ...bucket, force_destroy: undefined }, "force_destroy", "unset", "false"],
  [
    "google_storage_bucket",
    { ...unversioned, soft_delete_policy: { retention_duration_seconds: 0 } },
    "soft_delete_policy.retention_duration_seconds",
    "0",
    "604800 or more",
  ],
  [
    "google_storage_bucket",
    { ...bucket, versioning: { enabled: false } },
    "soft_delete_policy.retention_duration_seconds",
    "unset",
    "604800 or more",
  ],
  [
    "google_bigquery_dataset",
    { delete_contents_on_destroy: true },
    "delete_contents_on_destroy",
    "true",
    "false",
  ],
  ["google_bigquery_table", { deletion_protection: false }, "deletion_protection", "false", "true"],
  [
    "google_sql_database_instance",
    { ...instance, settings: { ...settings, retain_backups_on_delete: false } },
    "settings.retain_backups_on_delete",
    "false",
    "true",
  ],
  [
    "google_sql_database_instance",
    { ...instance, deletion_protection: false },
    "deletion_protection",
    "false",
    "true",
  ],
  [
    "google_sql_database_instance",
    { ...instance, settings: { ...settings, deletion_protection_enabled: undefined } },
    "settings.deletion_protection_enabled",
    "unset",
    "true",
  ],
  [
    "google_sql_database_instance",
    { ...instance, settings: { ...settings, backup_configuration: { ...backups, enabled: false } } },
    "settings.backup_configuration.enabled",
    "false",
    "true",
  ],
  [
    "google_sql_database_instance",
    {
      ...instance,
      settings: { ...settings, backup_configuration: { ...backups, point_in_time_recovery_enabled: false } },
    },
    "settings.backup_configuration.point_in_time_recovery_enabled",
    "false",
    "true",
  ],
  [
    "google_sql_database_instance",
    {
      ...instance,
      settings: {
        ...settings,
        backup_configuration: { ...backups, backup_retention_settings: { retained_backups: 6 } },
      },
    },
    "settings.backup_configuration.backup_retention_settings.retained_backups",
    "6",
    "7 or more",
  ],
  ["google_sql_database", {}, "deletion_policy", "unset", '"ABANDON"'],
];
const broken = changes.map(([type, values, setting, was, wanted]): Case => {
  const found =
    was === "unset"
      ? `does not set ${setting}, which protects its data`
      : `sets ${setting} to ${was}, which does not protect its data`;
  return [
    `${setting} = ${was} of a ${type}`,
    { [type]: { mine: values } },
    [`test/${type}.mine ${found} | set it to ${wanted}`],
  ];
});

test.each(broken)("protectedData finds %s", (_, resources, expected) => {
  expect(said(protectedData(), resources)).toEqual(expected);
});

test("protectedData accepts protected data, and views and external tables, which contain no data", () => {
  expect(said(protectedData(), whole)).toEqual([]);
});
