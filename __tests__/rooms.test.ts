import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

const project = join(__dirname, "..");
const picture = readFileSync(join(project, "docs/architecture.md"), "utf8");

const shape = z.object({
  rooms: z.record(z.string(), z.object({ knows: z.array(z.string()) })),
  jobFolders: z.array(z.string()),
  /** Imports that ESLint forbids in a file of each room, as regular expressions. */
  forbidden: z.record(z.string(), z.array(z.string())),
});

/** Run as a separate process: ESLint and rooms.mjs are ES modules, which jest does not load. */
const script = `
  import { ESLint } from "eslint";
  import { jobFolders, rooms } from "./rooms.mjs";
  const eslint = new ESLint();
  const files = [...Object.keys(rooms).flatMap((room) => [room, "__tests__/" + room]), ...jobFolders.map((folder) => "job/" + folder)];
  const forbidden = {};
  for (const folder of files) {
    const { rules } = await eslint.calculateConfigForFile(folder + "/any.ts");
    forbidden[folder] = rules["no-restricted-imports"][1].patterns.map(({ regex }) => regex);
  }
  console.log(JSON.stringify({ rooms, jobFolders, forbidden }));
`;

function readRooms(): z.infer<typeof shape> {
  const child = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd: project,
    encoding: "utf8",
  });
  if (child.status !== 0) throw new Error(child.stderr);
  return shape.parse(JSON.parse(child.stdout));
}

const { rooms, jobFolders, forbidden } = readRooms();
const names = Object.keys(rooms);

/** Whether ESLint forbids an import in the files of a folder. */
function forbids(folder: string, imported: string): boolean {
  return (forbidden[folder] ?? []).some((pattern) => new RegExp(pattern).test(imported));
}

test("rooms.mjs has no cycle", () => {
  const reachable = (room: string, seen: readonly string[]): string[] =>
    (rooms[room]?.knows ?? []).flatMap((next) =>
      seen.includes(next) ? [next] : [next, ...reachable(next, [...seen, next])],
    );
  expect(names.filter((room) => reachable(room, []).includes(room))).toEqual([]);
});

test.each(names)("ESLint forbids imports in %s from every room except the permitted ones", (room) => {
  const others = ["app", ...names].filter((other) => other !== room);
  const known = others.filter((other) => !forbids(room, `../${other}/index`));
  expect(known.sort()).toEqual([...(rooms[room]?.knows ?? [])].sort());
  expect(forbids(room, "../main")).toBe(true);
});

test.each(names)("ESLint permits the tests of %s to import the room and the rooms it may import", (room) => {
  for (const known of [room, ...(rooms[room]?.knows ?? [])]) {
    // Of these two, tests have fixtures.
    if (known === "catalog" || known === "config") continue;
    expect(forbids(`__tests__/${room}`, `../../${known}/index`)).toBe(false);
  }
});

test.each(["catalog", "config", "dataset", "job", "tour", "preview", "workflows"])(
  "ESLint forbids cdktf in %s",
  (room) => {
    expect(forbids(room, "cdktf")).toBe(true);
    expect(forbids(room, "@cdktf/provider-google/lib/storage-bucket")).toBe(true);
  },
);

test.each(names)("ESLint forbids the tests of %s to import the user's catalog and environments", (room) => {
  for (const own of ["catalog", "catalog/orders", "config", "config/dev"])
    expect(forbids(`__tests__/${room}`, `../../${own}`)).toBe(true);
  expect(forbids(`__tests__/${room}`, "../fixtures/catalog")).toBe(false);
});

test("ESLint permits a folder of job/ to import only the folders below it", () => {
  jobFolders.forEach((folder, index) => {
    jobFolders.forEach((other, place) => {
      if (other !== folder) expect(forbids(`job/${folder}`, `../${other}/any`)).toBe(place < index);
    });
  });
});

test("docs/architecture.md shows the arrows of rooms.mjs", () => {
  const drawn = [...picture.matchAll(/^ {2}([\w-]+) --> ([\w-]+)$/gm)].map(([, from, to]) => [from, to]);
  const arrows = Object.entries(rooms).flatMap(([room, { knows }]) =>
    knows.filter((known) => known !== "errors").map((known) => [room, known]),
  );
  const entries = ["app", "main"];
  expect(drawn.filter(([from]) => !entries.includes(from ?? ""))).toEqual(arrows);
  expect(picture).toContain(jobFolders.map((folder) => `\`${folder}\``).join(", "));
});
