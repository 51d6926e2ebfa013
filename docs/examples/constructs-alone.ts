/** The constructs in a stack of one's own: a lake, a dataset, and a job that loads both. */
import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { App, GcsBackend, TerraformStack } from "cdktf";
import { CloudRunJob, ServiceIdentity, StorageBucket, WarehouseDataset } from "../../constructs";

const location = "europe-west6";
const image = `europe-docker.pkg.dev/my-project/images/ingest@sha256:${"0".repeat(64)}`;

const app = new App();
const stack = new TerraformStack(app, "mine");
new GcsBackend(stack, { bucket: "my-state", prefix: "mine" });
new GoogleProvider(stack, "google", { project: "my-project", region: location });

const lake = new StorageBucket(stack, "lake", { name: "my-lake", location, expireDays: { "landing/": 30 } });
const raw = new WarehouseDataset(stack, "raw", { name: "raw", location, description: "As published" });
const ingest = new ServiceIdentity(stack, "ingest", {
  name: "my-ingest",
  description: "Loads the lake and the warehouse",
});
const job = new CloudRunJob(stack, "job", { name: "my-ingest", location, image, identity: ingest });
job.node.addDependency(
  lake.grantWrite(ingest),
  raw.grantWrite(ingest),
  ingest.grantOnProject("roles/bigquery.jobUser"),
);

app.synth();
