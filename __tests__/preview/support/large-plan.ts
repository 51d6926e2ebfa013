import { create, type Entry, keep, planJson, remove, replace, update } from "./plan-json";

/** A plan with many changes, some severe changes, and secrets. */
export interface LargePlan {
  readonly content: Uint8Array;
  /** Addresses that every comment must contain. */
  readonly grave: readonly string[];
  readonly secrets: readonly string[];
}

export function largePlan(changes: number): LargePlan {
  const ordinary = Array.from({ length: changes }, (_, at) => ordinaryChange(at));
  const grave = Array.from({ length: 20 }, (_, at) => [
    replace(
      `google_sql_database_instance.zz_postgres${at}`,
      { name: `pg-${at}`, settings: [{ tier: "a" }] },
      { name: `pg-${at}b` },
    ),
    create(`google_storage_bucket_iam_member.zz_public${at}`, {
      bucket: `bucket-${at}`,
      role: "roles/storage.objectViewer",
      member: "allUsers",
    }),
  ]).flat();
  const secrets = Array.from({ length: 25 }, (_, at) => `Kq7-secret-Zx81-${String(at).padStart(3, "0")}-end`);
  const holders = secrets.map((password, at) =>
    create(`google_sql_user.user${at}`, { name: `user-${at}`, password }, { sensitive: { password: true } }),
  );
  return {
    content: planJson([...ordinary, ...grave, ...holders]),
    grave: grave.map(({ address }) => address),
    secrets,
  };
}

function ordinaryChange(at: number): Entry {
  const id = String(at).padStart(5, "0");
  const table = {
    dataset_id: `ds_${at % 40}`,
    table_id: `t_${id}`,
    schema: schema(20),
    labels: { team: "data" },
    deletion_protection: false,
  };
  const address = `google_bigquery_table.t${id}`;
  switch (at % 20) {
    case 0:
      return remove(address, table);
    case 1:
      return replace(address, table, { table_id: `u_${id}` });
    case 2:
    case 3:
    case 4:
      return update(address, table, { labels: { team: "platform" } });
    case 5:
    case 6:
    case 7:
      return update(address, table, { schema: schema(21) });
    case 8:
      return create(`google_project_iam_member.g${id}`, {
        project: "p",
        role: "roles/bigquery.jobUser",
        member: `serviceAccount:sa-${id}@p.iam.gserviceaccount.com`,
      });
    case 9:
      return remove(`google_cloud_scheduler_job.s${id}`, { name: `schedule-${id}` });
    case 10:
      return keep(address, table);
    default:
      return create(address, table);
  }
}

function schema(columns: number): string {
  return JSON.stringify(
    Array.from({ length: columns }, (_, at) => ({
      name: `c${at}`,
      type: "STRING",
      mode: "NULLABLE",
      description: `Column ${at} of the table, as its source publishes it.`,
    })),
  );
}
