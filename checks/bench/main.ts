/** `npm run bench [-- name ...]`: measures, and prints tables. Medians (least-most) of several runs, in turn. */
import { availableParallelism } from "node:os";
import { benchDatabase } from "./database";
import { benchIngest } from "./ingest/ingest";
import { benchSynth } from "./synth";

/** By name, in the order in which they run. */
const benches: Readonly<Record<string, () => Promise<string>>> = {
  synth: benchSynth,
  ingest: benchIngest,
  database: benchDatabase,
};

async function main(names: readonly string[]): Promise<void> {
  const unknown = names.find((name) => !(name in benches));
  if (unknown !== undefined)
    throw new Error(`there is no bench "${unknown}"; there are ${Object.keys(benches).join(", ")}`);
  process.stdout.write(`Node ${process.versions.node}, ${availableParallelism()} cores\n\n`);
  for (const [name, bench] of Object.entries(benches)) {
    if (names.length === 0 || names.includes(name)) process.stdout.write(`${await bench()}\n\n`);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
