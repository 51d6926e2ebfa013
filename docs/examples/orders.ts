import { defineDataset } from "../../dataset";

export default defineDataset({
  id: "orders",
  description: "Orders of the shop, one row per order.",
  source: { url: "https://example.com/orders/{year}-{month}.csv.gz", format: "csv", compression: "gzip" },
  grain: "month",
  firstPeriod: "2024-01",
  schedule: { cron: "0 6 2 * *", timeZone: "Europe/Berlin" },
  columns: [
    { name: "order_id", type: "INTEGER", mode: "REQUIRED", description: "Number of the order." },
    { name: "placed_at", type: "TIMESTAMP", description: "When it was placed.", aliases: ["created"] },
    { name: "amount", type: "NUMERIC", description: "Total in euros." },
  ],
  cluster: ["placed_at"],
  badRows: { action: "reject", limit: 100 },
});
