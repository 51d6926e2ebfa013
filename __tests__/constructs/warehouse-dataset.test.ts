import { KmsKey } from "../../constructs/kms-key";
import { GoogleGroup } from "../../constructs/service-identity";
import { WarehouseDataset, type WarehouseDatasetProps } from "../../constructs/warehouse-dataset";
import { resources, stackOf } from "../support/stack";
import { location, member, only, reader, refusal } from "./support";

const type = "google_bigquery_dataset";
const base = { name: "raw", location, description: "As published" };
const dataset = (props: Partial<WarehouseDatasetProps> = {}) =>
  only(type, (stack) => new WarehouseDataset(stack, "raw", { ...base, ...props }));

describe("WarehouseDataset", () => {
  test("has a location, a week of time travel, and keeps its tables", () => {
    expect(dataset()).toEqual({
      dataset_id: "raw",
      location,
      description: "As published",
      max_time_travel_hours: "168",
      delete_contents_on_destroy: false,
      access: [{ role: "OWNER", special_group: "projectOwners" }],
      lifecycle: { ignore_changes: ["access"] },
    });
  });

  test("takes an owner; nobody else has access without a grant", () => {
    const found = only(type, (stack) => {
      new WarehouseDataset(stack, "raw", { ...base, owner: reader(stack) });
    });
    expect(found).toMatchObject({ access: [{ role: "OWNER", user_by_email: member.replace(/^\w+:/, "") }] });
  });

  test("accepts labels, time travel, expiry, a key, and whether tables are deleted with it", () => {
    const key = "projects/p/locations/l/keyRings/r/cryptoKeys/k";
    const found = only(type, (stack) => {
      const kmsKey = KmsKey.fromName(stack, "key", key);
      const props = { labels: { a: "b" }, timeTravelHours: 48, tableExpiryDays: 1 };
      new WarehouseDataset(stack, "raw", { ...base, ...props, kmsKey, deleteContentsOnDestroy: true });
    });
    expect(found).toMatchObject({
      labels: { a: "b" },
      max_time_travel_hours: "48",
      default_table_expiration_ms: 86_400_000,
      default_encryption_configuration: { kms_key_name: key },
      delete_contents_on_destroy: true,
    });
  });

  test("grants reading, writing and any other role, new or imported", () => {
    const json = stackOf((stack) => {
      const imported = WarehouseDataset.fromName(stack, "raw", "raw");
      imported.grantRead(reader(stack));
      imported.grantWrite(new GoogleGroup(stack, "team", "team@example.com"));
      imported.grant(new GoogleGroup(stack, "audit", "audit@example.com"), "roles/bigquery.metadataViewer");
    });
    expect(resources(json, "google_bigquery_dataset_iam_member")).toMatchObject([
      { dataset_id: "raw", role: "roles/bigquery.dataEditor", member: "group:team@example.com" },
      { dataset_id: "raw", role: "roles/bigquery.dataViewer", member },
      { dataset_id: "raw", role: "roles/bigquery.metadataViewer", member: "group:audit@example.com" },
    ]);
    expect(resources(json, type)).toEqual([]);
  });

  test("a grant is revoked after the dataset has changed, which would restore it (terraform-provider-google#28775)", () => {
    const json = stackOf((stack) => {
      WarehouseDataset.fromName(stack, "imported", "raw").grantRead(reader(stack));
    });
    expect(resources(json, "google_bigquery_dataset_iam_member")).toMatchObject([
      { lifecycle: { create_before_destroy: true } },
    ]);
  });

  test("rejects names and periods that BigQuery does not accept", () => {
    expect(refusal(() => dataset({ name: "a-b", timeTravelHours: 50, tableExpiryDays: 0 }))).toBe(
      `WarehouseDataset at test/raw:
  - name: "a-b" must be letters, digits and underscores, at most 1024
  - timeTravelHours: 50 must be whole days from 48 to 168 hours
  - tableExpiryDays: 0 must be an integer of at least 1`,
    );
  });
});
