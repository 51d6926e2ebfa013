/** The first and last address of a CIDR range such as 10.10.0.0/24, as numbers. */
export interface AddressRange {
  readonly first: number;
  readonly last: number;
}

/** Parses a CIDR range. Undefined if the text is not a valid range, or does not start at the network address. */
export function addressRange(text: string): AddressRange | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text)?.slice(1).map(Number);
  if (parts === undefined) return undefined;
  const [prefix = 0, ...octets] = parts.reverse();
  const size = 2 ** (32 - prefix);
  const first = octets.reduceRight((address, octet) => address * 256 + octet, 0);
  const valid = prefix <= 32 && octets.every((octet) => octet <= 255) && first % size === 0;
  return valid ? { first, last: first + size - 1 } : undefined;
}

/** Whether two ranges overlap. */
export function overlapping(one: string, other: string): boolean {
  const [a, b] = [addressRange(one), addressRange(other)];
  return a !== undefined && b !== undefined && a.first <= b.last && b.first <= a.last;
}
