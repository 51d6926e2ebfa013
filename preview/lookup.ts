/** Looks up keys that come from plans: unlike an object, a table has no member named `constructor`. */
export function lookup<Value>(table: Readonly<Record<string, Value>>): (key: string) => Value | undefined {
  const entries = new Map(Object.entries(table));
  return (key) => entries.get(key);
}
