/** The cdktf app: all stacks of one environment. `npx cdktf synth`, `diff` and `deploy` run it. */
import { platformApp } from "./app";
import { faultsText } from "./errors/faults";
import { runMain } from "./scripts/run-main";

runMain(() => {
  const { environment, warnings, synth } = platformApp(process.env);
  synth();
  if (warnings.length > 0)
    process.stderr.write(`${faultsText(`config/${environment.name}.ts`, warnings, "warning")}\n`);
});
