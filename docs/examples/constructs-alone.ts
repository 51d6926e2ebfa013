/** The constructs in somebody else's stack: a lake, a dataset, and a job that fills both. */
import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { App, GcsBackend, TerraformStack } from "cdktf";
import { CloudRunJob } from "../../constructs/cloud-run-job";
import { ServiceIdentity } from "../../constructs/service-identity";
import { StorageBucket } from "../../constructs/storage-bucket";
import { WarehouseDataset } from "../../constructs/warehouse-dataset";

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
  description: "Fills lake and warehouse",
});
lake.grantWrite(ingest);
raw.grantWrite(ingest);
ingest.grantOnProject("roles/bigquery.jobUser");
new CloudRunJob(stack, "job", { name: "my-ingest", location, image, identity: ingest });

app.synth();
