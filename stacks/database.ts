import type { Construct } from "constructs";
import type { DatabaseSettings } from "../config";
import { Alert } from "../constructs/alert";
import { PostgresInstance } from "../constructs/postgres-instance";
import { StorageBucket } from "../constructs/storage-bucket";
import { type PlatformProps, PlatformStack } from "./platform-stack";

/** Name of the database inside the instance. */
export const databaseName = "warehouse";

/** The Postgres instance, and an alert before its disk is full. */
export class DatabaseStack extends PlatformStack {
  constructor(scope: Construct, props: PlatformProps, settings: DatabaseSettings) {
    super(scope, "database", props);
    const { region, protectData, name } = props.environment;
    const instance = new PostgresInstance(this, "postgres", {
      name: this.names.instance("postgres", settings.generation),
      location: region,
      network: this.platformNetwork(),
      databases: [databaseName],
      tier: settings.tier,
      diskGib: settings.diskGib,
      diskLimitGib: settings.diskLimitGib,
      highAvailability: settings.highAvailability,
      backups: settings.backups,
      pointInTimeDays: protectData ? 7 : 0,
      keepBackups: protectData,
      kmsKey: this.kmsKey,
      labels: this.labels,
      deletionProtection: protectData,
    });
    if (settings.exportDays !== undefined) {
      const exports = StorageBucket.fromName(this, "exports", this.names.bucket("database-exports"));
      exports.grant(instance.identity, "roles/storage.objectCreator");
    }
    const channels = this.operators(`Operators of the ${name} database`);
    const disk = (metric: string) =>
      [
        'resource.type = "cloudsql_database"',
        `metric.type = "cloudsql.googleapis.com/database/disk/${metric}"`,
        `resource.label.database_id = "${props.environment.project.id}:${this.names.instance("postgres", settings.generation)}"`,
      ].join(" AND ");
    const sustained = {
      kind: "above",
      aligner: "ALIGN_MEAN",
      periodSeconds: 300,
      lastingSeconds: 900,
    } as const;
    new Alert(this, "filling-up", {
      name: `${name}: the database disk is almost full`,
      severity: "WARNING",
      channels,
      labels: this.labels,
      conditions: [
        {
          ...sustained,
          name: `More than 80% of the maximum disk size of ${settings.diskLimitGib} GiB is used`,
          filter: disk("bytes_used"),
          threshold: 0.8 * settings.diskLimitGib * bytesPerGib,
        },
        {
          ...sustained,
          // Cloud SQL grows a disk when 5 to 25 GB are left, at up to 97.5% of a terabyte: below that, usage is normal.
          name: "The disk is full and is not growing",
          filter: disk("utilization"),
          threshold: 0.98,
        },
      ],
      guidance: [
        `The disk of ${instance.name} grows automatically up to ${settings.diskLimitGib} GiB. When it is full, Postgres ` +
          "rejects writes.",
        "Delete data that is no longer needed, or increase `database.diskLimitGib` in the environment and deploy.",
      ].join(" "),
    });
  }
}

const bytesPerGib = 2 ** 30;
