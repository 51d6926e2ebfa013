/** The cdktf app: one environment, all its stacks. `npx cdktf synth`, `diff` and `deploy` run it. */
import { platformApp } from "./app";
import { plainly } from "./scripts/plainly";

plainly(() => {
  platformApp(process.env).app.synth();
});
