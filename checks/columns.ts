/** Formats rows as text in columns. Numbers are right-aligned. The first row contains the headings. */
export function columns(rows: readonly (readonly (string | number)[])[]): string {
  const widths = rows.reduce<number[]>(
    (found, row) => row.map((cell, i) => Math.max(found[i] ?? 0, String(cell).length)),
    [],
  );
  const numeric = (rows[1] ?? []).map((_, i) => rows.slice(1).every((row) => typeof row[i] === "number"));
  return rows
    .map((row) =>
      row
        .map((cell, i) => {
          const width = widths[i] ?? 0;
          return numeric[i] === true ? String(cell).padStart(width) : String(cell).padEnd(width);
        })
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
