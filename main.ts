/** The cdktf app: one environment, all its stacks. `npx cdktf synth`, `diff` and `deploy` run it. */
import { App } from "cdktf";
import { loadCatalog } from "./catalog";
import { loadEnvironment } from "./config";
import { plainly } from "./scripts/plainly";
import { addPlatform } from "./stacks";

plainly(() => {
  const app = new App();
  addPlatform(app, {
    environment: loadEnvironment(process.env.PLATFORM_ENV),
    catalog: loadCatalog(),
    state: process.env.PLATFORM_STATE === "local" ? "local" : "bucket",
  });
  app.synth();
});
