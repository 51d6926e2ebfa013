import { taxis } from "../../tour/catalog";

/** A month of yellow taxi trips as CSV. Deterministic. */
export function month(period: string, rows: number, seed: number): string {
  const columns = taxis.get("yellow_tripdata")?.columns.filter(({ optional }) => !optional) ?? [];
  const lines = Array.from({ length: rows }, (_, row) =>
    columns
      .map(({ type }, column) => {
        const mixed = (Math.imul(row + 1, 2_654_435_761) ^ Math.imul(seed * 64 + column + 1, 40_503)) >>> 0;
        switch (type) {
          case "INTEGER":
            return String(mixed % 265);
          case "FLOAT":
            return String((mixed % 10_000) / 100);
          case "DATETIME":
            return `${period}-${String(1 + (mixed % 28)).padStart(2, "0")} 08:${String(mixed % 60).padStart(2, "0")}:00`;
          default:
            return mixed % 50 === 0 ? "Y" : "N";
        }
      })
      .join(","),
  );
  return [columns.map(({ name }) => name).join(","), ...lines, ""].join("\n");
}
