/**
 * Formats a list of faults: `dev: 2 findings`, followed by one indented line per fault.
 *
 * @param subject the source of the faults: `config/dev.ts`
 * @param faults at least one; each starts with its field or path
 * @param noun singular noun for one of them. @default - fault
 */
export function faultsText(subject: string, faults: readonly string[], noun = "fault"): string {
  const count = `${faults.length} ${noun}${faults.length === 1 ? "" : "s"}`;
  return `${subject}: ${count}\n${faults.map((fault) => `  - ${fault}`).join("\n")}`;
}

/** A data set, an environment or a variable is not valid. The message lists all faults. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
  constructor(
    readonly subject: string,
    /** One sentence per fault, starting with the field. */
    readonly faults: readonly string[],
  ) {
    super(faultsText(subject, faults));
  }
}
