import { Failure } from "../failure";
import { shownAddress } from "../source/location";
import { bytesText } from "../text";
import type { PeriodContext } from "./context";

/**
 * The source and what it becomes are in memory at the same time: a task would be killed in the middle of its work.
 *
 * @throws Failure permanent when the size of the source is known and does not fit
 */
export function refuseTooLarge(
  bytes: number | undefined,
  { location, taskMemoryGib, spec }: Pick<PeriodContext, "location" | "taskMemoryGib" | "spec">,
): void {
  if (bytes === undefined || taskMemoryGib === undefined) return;
  const needed = 2 * bytes + programBytes;
  if (needed <= taskMemoryGib * 2 ** 30) return;
  const gib = Math.ceil(needed / 2 ** 30);
  throw new Failure(
    "permanent",
    `${shownAddress(location)} has ${bytesText(bytes)} and needs about ${gib} GiB of memory, but a task ` +
      `${spec.size === undefined ? "" : `of the size ${spec.size} `}has ${taskMemoryGib} GiB, including its files; ` +
      (gib <= 32
        ? `use a size of at least ${gib} GiB: \`size\` in the specification, \`ingestion.sizes\` in the environment`
        : "Cloud Run has at most 32 GiB: publish the source in smaller files, with a finer grain"),
  );
}

/** What the program itself takes: Node.js, the engine with its buffers, and the clients. */
const programBytes = 0.6 * 2 ** 30;
