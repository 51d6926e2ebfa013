import type { TerraformStack } from "cdktf";
import { KmsKey } from "../../constructs/kms-key";
import { PostgresInstance, type PostgresInstanceProps } from "../../constructs/postgres-instance";
import { PrivateNetwork } from "../../constructs/private-network";
import { StorageBucket } from "../../constructs/storage-bucket";
import { GoogleGroup, GoogleUser } from "../../constructs/service-identity";
import { resources, stackOf } from "../support/stack";
import { dependsOn, like, location, only, reader, refusal } from "./support";

const type = "google_sql_database_instance";
const names = {
  resourceName: "projects/p/global/networks/n",
  subnetResourceName: "projects/p/regions/r/subnetworks/s",
};
const add = (stack: TerraformStack, props: Partial<PostgresInstanceProps> = {}) =>
  new PostgresInstance(stack, "db", {
    name: "db-1",
    location,
    databases: [],
    ...props,
    network: props.network ?? PrivateNetwork.fromNames(stack, "network", names),
  });
const anything: unknown = expect.anything();
const instance = (props: Partial<PostgresInstanceProps> = {}) => only(type, (stack) => add(stack, props));

describe("PostgresInstance", () => {
  test("is reached from its network only, over TLS, is backed up, and cannot be deleted by default", () => {
    expect(instance()).toEqual({
      name: "db-1",
      region: location,
      database_version: "POSTGRES_18",
      deletion_protection: true,
      lifecycle: { ignore_changes: ["settings[0].disk_size"] },
      settings: {
        tier: "db-custom-1-3840",
        edition: "ENTERPRISE",
        activation_policy: "ALWAYS",
        availability_type: "ZONAL",
        deletion_protection_enabled: true,
        disk_type: "PD_SSD",
        disk_size: 10,
        disk_autoresize: true,
        disk_autoresize_limit: 100,
        database_flags: anything,
        ip_configuration: {
          ipv4_enabled: false,
          private_network: names.resourceName,
          ssl_mode: "TRUSTED_CLIENT_CERTIFICATE_REQUIRED",
          enable_private_path_for_google_cloud_services: true,
        },
        retain_backups_on_delete: true,
        backup_configuration: {
          enabled: true,
          start_time: "02:00",
          location,
          point_in_time_recovery_enabled: true,
          transaction_log_retention_days: 7,
          backup_retention_settings: { retained_backups: 7, retention_unit: "COUNT" },
        },
        maintenance_window: { day: 7, hour: 4, update_track: "stable" },
        insights_config: {
          query_insights_enabled: true,
          query_plans_per_minute: 5,
          query_string_length: 1024,
          record_application_tags: true,
          record_client_address: false,
        },
      },
    });
  });

  test("logs connections and authenticates with IAM; flags can be added and changed", () => {
    const found = instance({ flags: { log_statement: "all", max_connections: "50" } });
    const flags = {
      "cloudsql.enable_pgaudit": "on",
      "cloudsql.iam_authentication": "on",
      log_checkpoints: "on",
      log_connections: "on",
      log_disconnections: "on",
      log_duration: "on",
      log_hostname: "on",
      log_lock_waits: "on",
      log_min_duration_statement: "-1",
      log_min_error_statement: "error",
      log_min_messages: "warning",
      log_statement: "all",
      log_temp_files: "0",
      max_connections: "50",
    };
    const database_flags = Object.entries(flags).map(([name, value]) => ({ name, value }));
    expect(found).toMatchObject({ settings: { database_flags } });
  });

  test("accepts version, size, availability, backups, labels and a key", () => {
    const key = "projects/p/locations/l/keyRings/r/cryptoKeys/k";
    const found = only(type, (stack) =>
      add(stack, {
        version: "POSTGRES_17",
        tier: "db-f1-micro",
        diskGib: 20,
        diskLimitGib: 30,
        highAvailability: true,
        backups: 3,
        pointInTimeDays: 0,
        backupLocation: "eu",
        keepBackups: false,
        labels: { a: "b" },
        kmsKey: KmsKey.fromName(stack, "key", key),
        deletionProtection: false,
      }),
    );
    expect(found).toMatchObject({
      database_version: "POSTGRES_17",
      encryption_key_name: key,
      deletion_protection: false,
      settings: {
        tier: "db-f1-micro",
        disk_size: 20,
        disk_autoresize_limit: 30,
        availability_type: "REGIONAL",
        user_labels: { a: "b" },
        deletion_protection_enabled: false,
        retain_backups_on_delete: false,
        backup_configuration: {
          location: "eu",
          point_in_time_recovery_enabled: false,
          backup_retention_settings: { retained_backups: 3 },
        },
      },
    });
  });

  test("has an account, which can be granted access to a bucket", () => {
    const json = stackOf((stack) => {
      const exports = StorageBucket.fromName(stack, "exports", "exports");
      exports.grant(add(stack).identity, "roles/storage.objectCreator");
    });
    expect(resources(json, "google_storage_bucket_iam_member")).toEqual([
      {
        bucket: "exports",
        role: "roles/storage.objectCreator",
        member: like(
          /^serviceAccount:\$\{google_sql_database_instance\.\w+\.service_account_email_address\}$/,
        ),
      },
    ]);
  });

  test("contains its databases, which are deleted with it", () => {
    const json = stackOf((stack) => add(stack, { databases: ["trips"] }));
    expect(resources(json, "google_sql_database")).toMatchObject([
      { name: "trips", deletion_policy: "ABANDON" },
    ]);
  });

  test("waits for the private service access of a new network", () => {
    const json = stackOf((stack) => {
      const ranges = { subnetRange: "10.0.0.0/24", servicesRange: "10.1.0.0/16" };
      const network = new PrivateNetwork(stack, "net", { name: "n", location, ...ranges });
      add(stack, { network });
    });
    expect(dependsOn(json, type)).toEqual([
      expect.arrayContaining(["google_service_networking_connection.net_services"]),
    ]);
  });

  test("lets an account log in to this instance, and to no other", () => {
    const json = stackOf((stack) => {
      PostgresInstance.fromConnectionName(stack, "db", "example.com:p:r:db-1").grantConnect(reader(stack));
    });
    expect(resources(json, "google_sql_user")).toMatchObject([
      { instance: "db-1", type: "CLOUD_IAM_SERVICE_ACCOUNT", deletion_policy: "ABANDON" },
    ]);
    const granted = {
      project: "example.com:p",
      condition: {
        expression:
          'resource.type == "sqladmin.googleapis.com/Instance" && resource.name == "projects/example.com:p/instances/db-1"',
      },
    };
    expect(resources(json, "google_project_iam_member")).toMatchObject([
      { ...granted, role: "roles/cloudsql.client" },
      { ...granted, role: "roles/cloudsql.instanceUser" },
    ]);
  });

  test("names service accounts, groups and users as Cloud SQL does", () => {
    const json = stackOf((stack) => {
      const imported = PostgresInstance.fromConnectionName(stack, "db", "p:r:db-1");
      imported.grantConnect(reader(stack));
      imported.grantConnect(new GoogleGroup(stack, "analysts", "Analysts@example.com"));
      imported.grantConnect(new GoogleUser(stack, "ada", "ada@example.com"));
    });
    expect(resources(json, "google_sql_user")).toMatchObject([
      { name: "ada@example.com", type: "CLOUD_IAM_USER" },
      { name: "analysts@example.com", type: "CLOUD_IAM_GROUP" },
      {
        name: '${trimsuffix("reader@p.iam.gserviceaccount.com", ".gserviceaccount.com")}',
        type: "CLOUD_IAM_SERVICE_ACCOUNT",
      },
    ]);
    expect(resources(json, "google_project_iam_member")).toHaveLength(6);
  });

  test("rejects sizes and backups that do not fit together, and names of the wrong form", () => {
    const wrong = {
      name: "1db",
      databases: ["a", "a"],
      diskGib: 20,
      diskLimitGib: 10,
      pointInTimeDays: 8,
      backups: 3,
    };
    expect(refusal(() => instance(wrong))).toBe(`PostgresInstance at test/db:
  - name: "1db" must be at most 60 lowercase letters, digits and hyphens, starting with a letter
  - databases: duplicate name "a"; remove one of the two
  - diskLimitGib: 10 is less than diskGib, 20
  - pointInTimeDays: 8 must be an integer from 0 to 7
  - backups: 3 must be at least pointInTimeDays, 8`);
    expect(refusal((stack) => PostgresInstance.fromConnectionName(stack, "db", "db-1"))).toContain(
      'connectionName: "db-1" must be <project>:<region>:<instance>',
    );
  });
});
