/**
 * `dev: 2 findings`, and one indented line for each.
 *
 * @param subject what has the faults: `config/dev.ts`
 * @param faults at least one; each starts with the field or path it is about
 * @param noun what one of them is called. @default - fault
 */
export function faultsText(subject: string, faults: readonly string[], noun = "fault"): string {
  const count = `${faults.length} ${noun}${faults.length === 1 ? "" : "s"}`;
  return `${subject}: ${count}\n${faults.map((fault) => `  - ${fault}`).join("\n")}`;
}

/** Something that people configure is wrong: a data set, an environment, a variable. The message lists every fault. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
  constructor(
    readonly subject: string,
    /** One sentence for each fault, which starts with the field. */
    readonly faults: readonly string[],
  ) {
    super(faultsText(subject, faults));
  }
}
