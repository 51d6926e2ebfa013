import { EnabledApis } from "../../constructs/enabled-apis";
import { StorageBucket } from "../../constructs/storage-bucket";
import { resources, stackOf } from "../support/stack";
import { dependsOn, location, refusal } from "./support";

describe("EnabledApis", () => {
  test("enables APIs that stay enabled when it is destroyed", () => {
    const json = stackOf((stack) => new EnabledApis(stack, "apis", { apis: ["run", "bigquery"] }));
    const kept = { disable_on_destroy: false, disable_dependent_services: false };
    expect(resources(json, "google_project_service")).toEqual([
      { service: "bigquery.googleapis.com", ...kept },
      { service: "run.googleapis.com", ...kept },
    ]);
  });

  test("enables the Resource Manager API first, wherever it is in the list", () => {
    const json = stackOf(
      (stack) => new EnabledApis(stack, "apis", { apis: ["run", "cloudresourcemanager"] }),
    );
    expect(dependsOn(json, "google_project_service")).toEqual([
      [],
      ["google_project_service.apis_cloudresourcemanager"],
    ]);
  });

  test("lets a resource wait for the APIs it needs", () => {
    const json = stackOf((stack) => {
      const apis = new EnabledApis(stack, "apis", { apis: ["storage", "run"] });
      new StorageBucket(stack, "lake", { name: "my-lake", location, dependsOn: apis.ready("storage") });
    });
    expect(dependsOn(json, "google_storage_bucket")).toEqual([["google_project_service.apis_storage"]]);
  });

  test("rejects full names, duplicates, and waiting for an API that is not enabled", () => {
    expect(
      refusal((stack) => new EnabledApis(stack, "apis", { apis: ["run.googleapis.com", "x", "x"] })),
    ).toBe(
      `EnabledApis at test/apis:
  - apis: "run.googleapis.com" must be a short name such as bigquery
  - apis: duplicate name "x"; remove one of the two`,
    );
    expect(refusal((stack) => new EnabledApis(stack, "apis", { apis: ["run"] }).ready("storage"))).toBe(
      'EnabledApis at test/apis:\n  - apis: "storage" is needed but not enabled; add it',
    );
  });
});
