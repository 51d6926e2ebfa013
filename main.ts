/** The cdktf app: all stacks of one environment. `npx cdktf synth`, `diff` and `deploy` run it. */
import { platformApp } from "./app";
import { runMain } from "./scripts/run-main";

runMain(() => {
  platformApp(process.env).synth();
});
