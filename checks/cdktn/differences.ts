/** Paths at which two JSON values differ: `resource.google_storage_bucket.lake.location`. */
export function differences(one: unknown, other: unknown, path = ""): string[] {
  if (isRecord(one) && isRecord(other)) {
    const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
    return [...keys].flatMap((key) =>
      differences(one[key], other[key], path === "" ? key : `${path}.${key}`),
    );
  }
  if (Array.isArray(one) && Array.isArray(other) && one.length === other.length)
    return one.flatMap((item, index) => differences(item, other[index], `${path}[${index}]`));
  return JSON.stringify(one) === JSON.stringify(other) ? [] : [path];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
