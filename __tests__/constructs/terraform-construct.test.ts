import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { CloudRunJob } from "../../constructs/cloud-run-job";
import { EnabledApis } from "../../constructs/enabled-apis";
import { PrivateNetwork } from "../../constructs/private-network";
import { StorageBucket } from "../../constructs/storage-bucket";
import { stackOf } from "../support/stack";
import { dependsOn, image, location, reader, withApp } from "./support";

const bucket = (scope: Construct, id: string) => new StorageBucket(scope, id, { name: `my-${id}`, location });

describe("node.addDependency", () => {
  test("makes a job wait for a grant", () => {
    const json = stackOf((stack) => {
      const identity = reader(stack);
      const job = new CloudRunJob(stack, "job", { name: "ingest", location, image, identity });
      job.node.addDependency(StorageBucket.fromName(stack, "lake", "my-lake").grantWrite(identity));
    });
    expect(dependsOn(json, "google_cloud_run_v2_job")).toEqual([
      ["google_storage_bucket_iam_member.lake_storage-object-user-reader"],
    ]);
  });

  test("makes all resources of a construct wait for all resources of another", () => {
    const json = stackOf((stack) => {
      const apis = new EnabledApis(stack, "apis", { apis: ["compute", "run"] });
      const network = { name: "n", location, subnetRange: "10.0.0.0/24" };
      new PrivateNetwork(stack, "net", network).node.addDependency(apis);
    });
    const both = ["google_project_service.apis_compute", "google_project_service.apis_run"];
    for (const type of ["google_compute_network", "google_compute_subnetwork", "google_compute_firewall"])
      expect(dependsOn(json, type)).toEqual([both]);
  });

  test("of a scope around constructs holds for all of them, and nothing waits for itself", () => {
    const json = stackOf((stack) => {
      const scope = new Construct(stack, "scope");
      const first = bucket(scope, "first");
      bucket(scope, "second");
      scope.node.addDependency(first);
    });
    expect(dependsOn(json, "google_storage_bucket")).toEqual([[], ["google_storage_bucket.scope_first"]]);
  });

  test("on a construct of another stack orders the stacks", () => {
    withApp((app) => {
      const [one, two] = [new TerraformStack(app, "one"), new TerraformStack(app, "two")];
      for (const stack of [one, two]) new GoogleProvider(stack, "google", { project: "p" });
      bucket(two, "second").node.addDependency(bucket(one, "first"));
      app.synth();
      const manifest = readFileSync(join(app.outdir, "manifest.json"), "utf8");
      expect(manifest).toMatch(/"dependencies": \[\s*"one"\s*\]/);
      expect(JSON.stringify(two.toTerraform())).not.toContain("depends_on");
    });
  });

  test("adds nothing when it is synthesized twice", () => {
    const [once, twice] = withApp((app) => {
      const stack = new TerraformStack(app, "s");
      new GoogleProvider(stack, "google", { project: "p" });
      const first = bucket(stack, "first");
      const second = new StorageBucket(stack, "second", { name: "my-second", location, dependsOn: [first] });
      second.node.addDependency(first);
      return [1, 2].map(() => {
        app.synth();
        return JSON.stringify(stack.toTerraform());
      });
    });
    expect(twice).toBe(once);
    expect(once?.match(/"depends_on":\["google_storage_bucket\.first_\w+"\]/g)).toHaveLength(1);
  });
});
