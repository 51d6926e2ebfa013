import { computedValue, storedValue } from "../../../preview/base/computed";

test.each([
  ["google_service_account", "email", "jobs@my-project.iam.gserviceaccount.com"],
  ["google_service_account", "member", "serviceAccount:jobs@my-project.iam.gserviceaccount.com"],
  [
    "google_service_account",
    "name",
    "projects/my-project/serviceAccounts/jobs@my-project.iam.gserviceaccount.com",
  ],
  ["google_service_account", "display_name", undefined],
  ["google_compute_network", "id", "projects/my-project/global/networks/mine"],
  ["google_storage_bucket", "id", undefined],
])("computedValue of %s.%s is %s", (type, attribute, value) => {
  expect(computedValue(type, attribute, { account_id: "jobs", project: "my-project", name: "mine" })).toBe(
    value,
  );
});

test("computedValue names what is not known", () => {
  expect(computedValue("google_pubsub_topic", "id", { name: "mine" })).toBe(
    "projects/project-not-known/topics/mine",
  );
});

test("storedValue of an object in Cloud Storage is the hash of its content, not the planned text", () => {
  // printf abc | openssl md5 -binary | base64
  const hash = "kAFQmDzST7DWlj99KOF/cg==";
  expect(storedValue("google_storage_bucket_object", "detect_md5hash", { content: "abc" })).toBe(hash);
  expect(storedValue("google_storage_bucket_object", "name", { content: "abc" })).toBeUndefined();
  expect(storedValue("google_storage_bucket_object", "detect_md5hash", {})).toBeUndefined();
});
