import { equal } from "../../diff/equal";
import { arrayOf, blockOf, type Json, type JsonObject, objectOf } from "../../json";
import { at } from "../path";
import type { InPlace } from "./effect";

/** Resources that are a rule about the data of another one: creating them can delete data as well. */
export function isRule(type: string): boolean {
  return rules.has(type);
}

const rules = new Set([
  ...["google_bigtable_gc_policy", "google_firestore_field", "aws_s3_bucket_lifecycle_configuration"],
  "aws_ecr_lifecycle_policy",
]);

/** Rules of other services that are new, or delete more. */
export function cleanup(type: string, before: JsonObject, after: JsonObject): InPlace | undefined {
  switch (type) {
    case "google_firestore_field":
      return isUnset(before["ttl_config"]) && !isUnset(after["ttl_config"])
        ? { class: "expires", reason: "documents are deleted when the time in the field has passed" }
        : undefined;
    case "google_artifact_registry_repository": {
      const active = (values: JsonObject) =>
        values["cleanup_policy_dry_run"] === true
          ? []
          : arrayOf(values["cleanup_policies"]).filter((policy) => objectOf(policy)["action"] === "DELETE");
      return active(after).some((policy) => !active(before).some((other) => equal(policy, other)))
        ? { class: "expires", reason: "a cleanup policy deletes images and packages" }
        : undefined;
    }
    case "aws_s3_bucket_lifecycle_configuration": {
      const active = (values: JsonObject) =>
        arrayOf(values["rule"]).flatMap((rule) => {
          const {
            id,
            status,
            expiration,
            noncurrent_version_expiration: noncurrent,
            filter,
            prefix,
          } = objectOf(rule);
          return status === "Enabled" && !(isUnset(expiration) && isUnset(noncurrent))
            ? [{ id, expiration, noncurrent, filter, prefix }]
            : [];
        });
      const fresh = active(after).filter((rule) => !active(before).some((other) => equal(rule, other)));
      const days = fresh.flatMap(({ expiration, noncurrent }) => [
        ...[blockOf(expiration)["days"]].flatMap((number) =>
          typeof number === "number" && number > 0 ? [`objects after ${number} days`] : [],
        ),
        ...[blockOf(noncurrent)["noncurrent_days"]].flatMap((number) =>
          typeof number === "number" && number > 0 ? [`overwritten objects after ${number} days`] : [],
        ),
      ]);
      return fresh.length === 0
        ? undefined
        : {
            class: "expires",
            reason: `a lifecycle rule deletes ${days.length === 0 ? "objects" : days.join(" and ")}`,
          };
    }
    case "aws_ecr_lifecycle_policy":
      return equal(before["policy"], after["policy"])
        ? undefined
        : { class: "expires", reason: "a lifecycle policy deletes images" };
    case "aws_dynamodb_table":
      return at(before, "ttl.enabled") !== true && at(after, "ttl.enabled") === true
        ? { class: "expires", reason: "items are deleted when the time in their attribute has passed" }
        : undefined;
    default:
      return undefined;
  }
}

function isUnset(value: Json | undefined): boolean {
  return value === undefined || value === null || arrayOf(value).length === 0;
}
