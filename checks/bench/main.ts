/** `npm run bench [-- name ...]`: runs benchmarks and prints the median (minimum-maximum) of several runs. */
import { availableParallelism } from "node:os";
import { benchSynth } from "./synth";

/** Benchmarks by name, in order of execution. */
const benches: Readonly<Record<string, () => Promise<string>>> = {
  synth: benchSynth,
};

async function main(names: readonly string[]): Promise<void> {
  const unknown = names.find((name) => !(name in benches));
  if (unknown !== undefined)
    throw new Error(
      `benchmark "${unknown}" does not exist; available benchmarks: ${Object.keys(benches).join(", ")}`,
    );
  process.stdout.write(`Node ${process.versions.node}, ${availableParallelism()} cores\n\n`);
  for (const [name, bench] of Object.entries(benches)) {
    if (names.length === 0 || names.includes(name)) process.stdout.write(`${await bench()}\n\n`);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
