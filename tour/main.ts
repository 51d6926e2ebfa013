import { TourFailure } from "./failure";
import { tour } from "./tour";

void tour().catch((error: unknown) => {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof TourFailure ? error.exitCode : 1;
});
