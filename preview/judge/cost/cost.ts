import type { JsonObject } from "../../json";
import { textOf } from "../../json";
import type { Cost, CostRow } from "../../report/context";
import { at } from "../path";
import { isDeleted, referenceOf, type Row } from "../rows";
import { hourly, hoursAMonth, kafka, monthly, pricesOf, sql, unknownPrice, usageBased } from "./prices";

/** Monthly cost of the changed resources before and after, as far as it is defined by their configuration. */
export function costOf(changed: readonly Row[]): Cost {
  const rows = changed.flatMap(costRow);
  const sum = (side: "before" | "after") => round(rows.reduce((total, row) => total + (row[side] ?? 0), 0));
  const byUse = changed.flatMap(({ resource: { type } }) => {
    const units = usageBased(type);
    return units === undefined ? [] : [`${type}: ${units}`];
  });
  return {
    currency: "USD",
    pricesOf,
    before: sum("before"),
    after: sum("after"),
    rows,
    usageBased: [...new Set(byUse)].sort(),
  };
}

function costRow(row: Row): CostRow[] {
  const { type } = row.resource;
  const exists = row.resource.before !== null;
  const remains = row.resource.after !== null || row.action === "forget";
  const before = exists ? priceOf(type, row.before) : undefined;
  const after = remains ? priceOf(type, row.action === "forget" ? row.before : row.after) : undefined;
  if (before === undefined && after === undefined) return [];
  // Show only resources whose price changes.
  if (before?.price === after?.price && !isDeleted(row) && before?.price !== undefined) return [];
  if (
    before?.what === after?.what &&
    before?.price === undefined &&
    after?.price === undefined &&
    row.action !== "update"
  )
    return [];
  const note = (after ?? before)?.note;
  return [
    {
      ...referenceOf(row),
      what: [before?.what, after?.what]
        .filter((one, index, all) => one !== undefined && all.indexOf(one) === index)
        .join(" -> "),
      ...(exists ? before?.price !== undefined && { before: before.price } : { before: 0 }),
      ...(remains ? after?.price !== undefined && { after: after.price } : { after: 0 }),
      ...(note !== undefined && { note }),
    },
  ];
}

interface Price {
  readonly what: string;
  /** USD per month; undefined if unknown. */
  readonly price?: number;
  readonly note?: string;
}

function priceOf(type: string, values: JsonObject): Price | undefined {
  if (type === "google_sql_database_instance") return sqlPrice(values);
  if (type === "google_managed_kafka_cluster") return kafkaPrice(values);
  const fixed = monthly(type);
  if (fixed !== undefined) return { what: type, price: fixed.price, note: fixed.note };
  const perHour = hourly(type);
  if (perHour !== undefined)
    return { what: type, price: round(perHour.price * hoursAMonth), note: perHour.note };
  return unknownPrice.test(type)
    ? { what: textOf(values["machine_type"]) ?? type, note: "price unknown" }
    : undefined;
}

/** Machine and disk. Backups, network traffic and automatic storage increases are usage-based. */
function sqlPrice(values: JsonObject): Price {
  const tier = textOf(at(values, "settings.tier")) ?? "";
  const factor = at(values, "settings.availability_type") === "REGIONAL" ? 2 : 1;
  const custom = /^db-(?:custom|perf-optimized-\w+|n1-custom)-(\d+)-(\d+)$/.exec(tier);
  const shared = sql.sharedHour(tier);
  const machine =
    shared ??
    (custom?.[1] === undefined ||
    custom[2] === undefined ||
    at(values, "settings.edition") === "ENTERPRISE_PLUS"
      ? undefined
      : Number(custom[1]) * sql.vcpuHour + (Number(custom[2]) / 1024) * sql.gigabyteHour);
  const size = at(values, "settings.disk_size");
  const isSsd = [undefined, null, "", "PD_SSD"].some((type) => type === at(values, "settings.disk_type"));
  const disk = typeof size === "number" ? size * sql.ssdGigabyteMonth : 0;
  const what = `${tier}${factor === 2 ? ", highly available" : ""}${typeof size === "number" ? `, ${size} GB` : ""}`;
  return machine === undefined || !isSsd
    ? { what, note: "price unknown" }
    : {
        what,
        price: round((machine * hoursAMonth + disk) * factor),
        note: "backups and network traffic are usage-based",
      };
}

/** The compute units of a Kafka cluster. Disks, copies between zones and connections are usage-based. */
function kafkaPrice(values: JsonObject): Price {
  const vcpus = Number(textOf(at(values, "capacity_config.vcpu_count")));
  const gibibytes = Number(textOf(at(values, "capacity_config.memory_bytes"))) / 2 ** 30;
  // Terraform knows them only later.
  if (!(vcpus > 0 && gibibytes > 0)) return { what: "google_managed_kafka_cluster", note: "price unknown" };
  return {
    what: `${vcpus} vCPUs, ${round(gibibytes)} GiB`,
    price: round((vcpus * kafka.vcpuUnits + gibibytes * kafka.gibibyteUnits) * kafka.unitHour * hoursAMonth),
    note: "disks and traffic between zones are usage-based",
  };
}

function round(amount: number): number {
  return Math.round(amount * 100) / 100;
}
