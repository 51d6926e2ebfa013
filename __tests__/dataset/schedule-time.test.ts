import { Cron } from "croner";
import { cronExpression } from "../../dataset";

const ids = Array.from({ length: 1000 }, (_, index) => `data_set_${index}`);

test("a cron expression is kept, without surplus spaces", () => {
  expect(cronExpression("orders", " 0  6 2 * * ")).toBe("0 6 2 * *");
});

test.each([
  ["@monthly", /^\d+ [3-8] 1 \* \*$/],
  ["@weekly", /^\d+ [3-8] \* \* 1$/],
  ["@daily", /^\d+ [3-8] \* \* \*$/],
  ["@hourly", /^\d+ \* \* \* \*$/],
])("%s gets a time from the id: always the same, and valid", (shorthand, form) => {
  for (const id of ids) {
    const cron = cronExpression(id, shorthand);
    expect(cron).toMatch(form);
    expect(cronExpression(id, shorthand)).toBe(cron);
    expect(() => new Cron(cron, { paused: true })).not.toThrow();
  }
});

test("a thousand data sets are spread over thirty times, evenly, and over the hours", () => {
  const counts = new Map<string, number>();
  for (const id of ids) {
    const cron = cronExpression(id, "@daily");
    counts.set(cron, (counts.get(cron) ?? 0) + 1);
  }
  expect(counts.size).toBe(30);
  expect(Math.max(...counts.values())).toBeLessThan(60);
  expect(new Set([...counts.keys()].map((cron) => cron.split(" ")[1])).size).toBe(6);
});

test("the time of a data set does not change from one version to the next", () => {
  expect(cronExpression("orders", "@monthly")).toBe("34 8 1 * *");
});
