import { stripVTControlCharacters } from "node:util";
import { panelLines, sparkline } from "../../streaming/view/panel";
import { Windows } from "../../streaming/windows";

test("the sparkline shows nothing for no rides, and the most rides at full height", () => {
  expect(sparkline([0, 1, 4, 8])).toBe(" ▁▄█");
  expect(sparkline([])).toBe("");
  expect(sparkline([0, 0])).toBe("  ");
});

test("no line of the panel is wider than the terminal, whose last line stays free", () => {
  const ride = {
    ride_id: "sample/0",
    vendor_id: 1,
    passenger_count: 1,
    trip_distance: 1234.5,
    payment_type: 1,
    total_amount: 123_456.78,
    pickup_datetime: "2019-01-01T10:00:59",
  };
  const windows = new Windows();
  windows.add(ride);
  const produced = { sent: 1, skipped: 0, clock: Date.UTC(2019, 0, 1, 10, 1) };
  for (const width of [20, 40, 80, 200]) {
    const lines = panelLines({ produced, total: 20_000, windows, recent: [ride], perSecond: 1234 }, width);
    for (const line of lines) {
      expect(stripVTControlCharacters(line).length).toBeLessThanOrEqual(width);
    }
    expect(lines.join("\n")).toContain("Tuesday, January 1");
  }
});
