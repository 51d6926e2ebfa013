import { Command } from "commander";

/** Runs a benchmark over months of trips: `-- --months 12 --rows 1400000`. */
export function benchOfMonths(name: string, main: (months: number, rows: number) => Promise<void>): void {
  void new Command(name)
    .option("--months <count>", "number of months", "12")
    .option("--rows <count>", "trips of each month", "1400000")
    .action(async ({ months, rows }: { months: string; rows: string }) => {
      await main(Number(months), Number(rows)).catch((error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
        process.exitCode = 1;
      });
    })
    .parseAsync();
}
