import { askMarts } from "../../../tour/dashboard/questions";

test("zones with the same name stay apart, as they have different numbers", async () => {
  const zone = (id: number, name: string) => ({ id, zone: name, month: "2019-01-01", trips: id });
  const zones = [zone(56, "Corona"), zone(57, "Corona"), zone(132, "JFK Airport")];
  const marts = await askMarts((sql) => Promise.resolve(sql.includes("location_id") ? zones : []), "core");
  expect(marts.zones.map(({ zone: name, trips }) => [name, trips])).toEqual([
    ["Corona (56)", 56],
    ["Corona (57)", 57],
    ["JFK Airport", 132],
  ]);
});
