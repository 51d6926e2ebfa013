import { equal } from "../../diff/equal";
import { arrayOf, blockOf, type Json, type JsonObject, objectOf, textOf } from "../../json";
import { at } from "../path";
import type { InPlace } from "./effect";
import { lookup } from "../../lookup";

/** Rules and durations after which data is deleted. */

const thresholds = [
  "age",
  "days_since_noncurrent_time",
  "num_newer_versions",
  "days_since_custom_time",
] as const;

/** Lifecycle rules that are new, or delete objects earlier. */
export function lifecycle(type: string, before: JsonObject, after: JsonObject): InPlace | undefined {
  if (type !== "google_storage_bucket" || before["lifecycle_rule"] === after["lifecycle_rule"])
    return undefined;
  const old = deletionRules(before);
  const reasons = deletionRules(after).flatMap((rule) => {
    if (old.some((other) => equal(rule, other))) return [];
    const same = old.find((other) => equal(withoutThresholds(rule), withoutThresholds(other)));
    const limits = thresholds.flatMap((name): string[] => {
      const [is, was] = [numberOf(rule[name]), numberOf(same?.[name])];
      if (is === undefined || (was !== undefined && is >= was)) return [];
      return [`${thresholdText(name, is)}${was === undefined ? "" : ` (previously ${was})`}`];
    });
    const dropped = thresholds.filter(
      (name) => numberOf(rule[name]) === undefined && (numberOf(same?.[name]) ?? 0) > 0,
    );
    if (limits.length > 0) return [`a lifecycle rule deletes objects ${limits.join(" and ")}`];
    if (dropped.length > 0)
      return [`a lifecycle rule deletes objects without the condition ${dropped.join(" and ")}`];
    return same === undefined ? ["a new lifecycle rule deletes objects"] : [];
  });
  return reasons.length === 0 ? undefined : { class: "expires", reason: reasons.join("; ") };
}

function deletionRules(values: JsonObject): JsonObject[] {
  return arrayOf(values["lifecycle_rule"]).flatMap((rule) => {
    const { action, condition } = objectOf(rule);
    return blockOf(action)["type"] === "Delete" ? [blockOf(condition)] : [];
  });
}

function withoutThresholds(rule: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(rule).filter(
      ([name, value]) => !thresholds.some((one) => one === name) && value !== false && value !== 0,
    ),
  );
}

function thresholdText(name: (typeof thresholds)[number], value: number): string {
  switch (name) {
    case "age":
      return `after ${value} days`;
    case "days_since_noncurrent_time":
      return `${value} days after they are overwritten`;
    case "num_newer_versions":
      return `with ${value} newer versions`;
    case "days_since_custom_time":
      return `${value} days after their custom time`;
  }
}

/** Paths of durations after which data is deleted, and what an unset duration means. */
const retentions = lookup<readonly (readonly [path: string, what: string, unset: "never" | number])[]>({
  google_bigquery_table: [
    ["time_partitioning.expiration_ms", "partitions", "never"],
    ["expiration_time", "the table", "never"],
  ],
  google_bigquery_dataset: [
    ["default_table_expiration_ms", "new tables", "never"],
    ["default_partition_expiration_ms", "partitions of new tables", "never"],
  ],
  google_pubsub_topic: [["message_retention_duration", "messages", 0]],
  google_pubsub_subscription: [
    ["message_retention_duration", "messages", 604_800],
    ["expiration_policy.ttl", "inactive subscriptions", "never"],
  ],
  google_logging_project_bucket_config: [["retention_days", "log entries", 30]],
  google_secret_manager_secret: [
    ["ttl", "the secret", "never"],
    ["expire_time", "the secret", "never"],
  ],
  google_logging_folder_bucket_config: [["retention_days", "log entries", 30]],
  google_logging_organization_bucket_config: [["retention_days", "log entries", 30]],
  google_bigtable_gc_policy: [
    ["max_age.days", "cells", "never"],
    ["max_age.duration", "cells", "never"],
  ],
  google_spanner_database: [["version_retention_period", "earlier versions of rows", 3600]],
  aws_kinesis_stream: [["retention_period", "records", 24]],
  aws_sqs_queue: [["message_retention_seconds", "messages", 345_600]],
  aws_cloudwatch_log_group: [["retention_in_days", "log entries", "never"]],
});

export function shorterRetention(type: string, before: JsonObject, after: JsonObject): InPlace | undefined {
  for (const [path, what, unset] of retentions(type) ?? []) {
    const [was, is] = [at(before, path), at(after, path)];
    if (equal(was, is)) continue;
    const limit = (value: Json | undefined) => {
      const number = numberOf(value) ?? 0;
      return number > 0 ? number : unset === "never" ? Infinity : unset;
    };
    const [old, fresh] = [limit(was), limit(is)];
    if (fresh < old) {
      const shown = (value: number) =>
        value === Infinity ? "never" : value === 0 ? "not retained" : duration(path, value);
      const reason =
        fresh === 0
          ? `${what} are no longer retained (previously ${shown(old)})`
          : `${what} are deleted after ${shown(fresh)} (previously ${shown(old)})`;
      return { class: "expires", reason: reason.replace(/^(the \w+) are/, "$1 is") };
    }
  }
  return undefined;
}

function duration(path: string, amount: number): string {
  if (path === "expiration_time" || path === "expire_time")
    return new Date(amount).toISOString().slice(0, 10);
  const days = path.endsWith("ms")
    ? amount / 86_400_000
    : path.includes("days")
      ? amount
      : path === "retention_period"
        ? amount / 24
        : amount / 86_400;
  return days >= 1
    ? counted(days, "day")
    : days * 24 >= 1
      ? counted(days * 24, "hour")
      : counted(days * 1440, "minute");
}

function counted(amount: number, unit: string): string {
  const number = Number(amount.toFixed(1));
  return `${number} ${unit}${number === 1 ? "" : "s"}`;
}

/** A number, or a number in a text such as `604800s`. */
function numberOf(value: Json | undefined): number | undefined {
  if (typeof value === "number") return value;
  const text = textOf(value);
  if (text === undefined || !/^\d/.test(text)) return undefined;
  const period = /^(\d+)([dhm])$/.exec(text);
  if (period !== null)
    return Number(period[1]) * (period[2] === "d" ? 86_400 : period[2] === "h" ? 3600 : 60);
  const date = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.parseFloat(text);
  return Number.isNaN(date) ? undefined : date;
}
