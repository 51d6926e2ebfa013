/**
 * Type of a zone for the demand model: offices, residential area, nightlife, railway station or sight that is always
 * busy, airport.
 */
export type ZoneCharacter = "work" | "home" | "out" | "hub" | "airport";

/** One of the TLC's taxi zones. */
export interface Zone {
  /** The TLC's LocationID. */
  readonly id: number;
  readonly name: string;
  readonly borough: string;
  readonly serviceZone: "Yellow Zone" | "Boro Zone" | "Airports" | "EWR" | "N/A";
  readonly character: ZoneCharacter;
  /** Relative number of trips. */
  readonly weight: number;
  /** Approximate center of the zone, in miles east and north of Columbus Circle. */
  readonly east: number;
  readonly north: number;
}

/** The busiest zones with the TLC's ids and names. Weights and coordinates are approximations for the sample. */
export const zones: readonly Zone[] = [
  zone(236, "Manhattan", "Upper East Side North", "home", 40, 1.3, 0.9),
  zone(237, "Manhattan", "Upper East Side South", "home", 44, 0.9, 0.1),
  zone(161, "Manhattan", "Midtown Center", "work", 44, 0.3, -0.6),
  zone(162, "Manhattan", "Midtown East", "work", 38, 0.6, -0.8),
  zone(163, "Manhattan", "Midtown North", "work", 26, 0.2, -0.2),
  zone(164, "Manhattan", "Midtown South", "work", 23, -0.1, -1.3),
  zone(230, "Manhattan", "Times Sq/Theatre District", "hub", 36, -0.1, -0.6),
  zone(186, "Manhattan", "Penn Station/Madison Sq West", "hub", 36, -0.6, -1.3),
  zone(170, "Manhattan", "Murray Hill", "work", 31, 0.3, -1.4),
  zone(48, "Manhattan", "Clinton East", "out", 33, -0.4, -0.4),
  zone(50, "Manhattan", "Clinton West", "home", 10, -0.7, -0.3),
  zone(142, "Manhattan", "Lincoln Square East", "home", 31, -0.1, 0.3),
  zone(143, "Manhattan", "Lincoln Square West", "home", 13, -0.3, 0.6),
  zone(234, "Manhattan", "Union Sq", "out", 31, -0.4, -2.1),
  zone(239, "Manhattan", "Upper West Side South", "home", 26, 0.1, 1.0),
  zone(238, "Manhattan", "Upper West Side North", "home", 19, 0.4, 1.7),
  zone(151, "Manhattan", "Manhattan Valley", "home", 8, 0.7, 2.2),
  zone(79, "Manhattan", "East Village", "out", 25, -0.2, -2.8),
  zone(148, "Manhattan", "Lower East Side", "out", 13, -0.3, -3.5),
  zone(141, "Manhattan", "Lenox Hill West", "home", 24, 1.0, -0.1),
  zone(140, "Manhattan", "Lenox Hill East", "home", 18, 1.4, -0.2),
  zone(107, "Manhattan", "Gramercy", "home", 24, 0.0, -2.1),
  zone(68, "Manhattan", "East Chelsea", "out", 23, -0.9, -1.5),
  zone(246, "Manhattan", "West Chelsea/Hudson Yards", "work", 15, -1.1, -1.0),
  zone(229, "Manhattan", "Sutton Place/Turtle Bay North", "home", 20, 1.0, -0.7),
  zone(233, "Manhattan", "UN/Turtle Bay South", "work", 14, 0.8, -1.1),
  zone(249, "Manhattan", "West Village", "out", 20, -1.1, -2.2),
  zone(158, "Manhattan", "Meatpacking/West Village West", "out", 11, -1.4, -2.2),
  zone(113, "Manhattan", "Greenwich Village North", "out", 16, -0.7, -2.4),
  zone(114, "Manhattan", "Greenwich Village South", "out", 14, -0.8, -2.7),
  zone(144, "Manhattan", "Little Italy/NoLiTa", "out", 10, -0.7, -3.2),
  zone(211, "Manhattan", "SoHo", "out", 9, -1.0, -3.1),
  zone(125, "Manhattan", "Hudson Sq", "work", 6, -1.3, -2.9),
  zone(231, "Manhattan", "TriBeCa/Civic Center", "work", 15, -1.2, -3.6),
  zone(13, "Manhattan", "Battery Park City", "home", 8, -1.7, -3.9),
  zone(261, "Manhattan", "World Trade Center", "work", 6, -1.5, -4.0),
  zone(87, "Manhattan", "Financial District North", "work", 8, -1.2, -4.3),
  zone(88, "Manhattan", "Financial District South", "work", 5, -1.4, -4.6),
  zone(45, "Manhattan", "Chinatown", "home", 3, -0.7, -3.8),
  zone(224, "Manhattan", "Stuy Town/Peter Cooper Village", "home", 5, 0.2, -2.5),
  zone(137, "Manhattan", "Kips Bay", "home", 12, 0.3, -1.8),
  zone(90, "Manhattan", "Flatiron", "work", 17, -0.4, -1.8),
  zone(100, "Manhattan", "Garment District", "work", 19, -0.4, -1.0),
  zone(43, "Manhattan", "Central Park", "hub", 13, 0.7, 1.1),
  zone(262, "Manhattan", "Yorkville East", "home", 13, 1.8, 0.7),
  zone(263, "Manhattan", "Yorkville West", "home", 19, 1.5, 0.7),
  zone(75, "Manhattan", "East Harlem South", "home", 7, 1.8, 1.8),
  zone(74, "Manhattan", "East Harlem North", "home", 4, 2.2, 2.4),
  zone(166, "Manhattan", "Morningside Heights", "home", 6, 0.9, 3.0),
  zone(41, "Manhattan", "Central Harlem", "home", 4, 1.5, 2.7),
  zone(42, "Manhattan", "Central Harlem North", "home", 3, 2.0, 3.5),
  zone(116, "Manhattan", "Hamilton Heights", "home", 2, 1.6, 3.9),
  zone(244, "Manhattan", "Washington Heights South", "home", 2, 2.0, 5.0),
  zone(132, "Queens", "JFK Airport", "airport", 27, 10.6, -8.7),
  zone(138, "Queens", "LaGuardia Airport", "airport", 25, 5.8, 0.6),
  zone(7, "Queens", "Astoria", "home", 3, 3.2, -0.2),
  zone(145, "Queens", "Long Island City/Hunters Point", "home", 3, 1.8, -1.7),
  zone(129, "Queens", "Jackson Heights", "home", 1.5, 5.2, -0.9),
  zone(33, "Brooklyn", "Brooklyn Heights", "home", 3, -0.6, -5.0),
  zone(65, "Brooklyn", "Downtown Brooklyn/MetroTech", "work", 3, -0.2, -5.2),
  zone(181, "Brooklyn", "Park Slope", "home", 3, 0.2, -6.7),
  zone(97, "Brooklyn", "Fort Greene", "home", 2.5, 0.4, -5.5),
  zone(255, "Brooklyn", "Williamsburg (North Side)", "out", 4, 1.2, -3.5),
  zone(256, "Brooklyn", "Williamsburg (South Side)", "out", 3, 1.1, -4.0),
  zone(112, "Brooklyn", "Greenpoint", "home", 2, 1.7, -2.8),
  zone(61, "Brooklyn", "Crown Heights North", "home", 1.5, 1.9, -6.6),
  zone(168, "Bronx", "Mott Haven/Port Morris", "home", 1, 3.4, 2.6),
  zone(1, "EWR", "Newark Airport", "airport", 0.6, -10.2, -5.3),
  zone(264, "Unknown", "NV", "hub", 8, 0.2, -1.0),
  zone(265, "Unknown", "NA", "hub", 1.5, 4.0, 4.0),
];

/** The zones as a file in the format of the TLC's zone table: quoted fields, CRLF. */
export function zoneTable(): string {
  const rows = [...zones]
    .sort((a, b) => a.id - b.id)
    .map(({ id, borough, name, serviceZone }) => [String(id), ...[borough, name, serviceZone].map(quoted)]);
  const header = ["LocationID", "Borough", "Zone", "service_zone"].map(quoted);
  return [header, ...rows].map((fields) => `${fields.join(",")}\r\n`).join("");
}

/** Distance in miles between the centers of two zones along Manhattan's grid, which is rotated by 29 degrees. */
export function gridMiles(from: Zone, to: Zone): number {
  const [east, north] = [to.east - from.east, to.north - from.north];
  const [cosine, sine] = [0.875, 0.485];
  return Math.abs(east * cosine - north * sine) + Math.abs(east * sine + north * cosine);
}

function quoted(text: string): string {
  return `"${text}"`;
}

function zone(
  id: number,
  borough: string,
  name: string,
  character: ZoneCharacter,
  weight: number,
  east: number,
  north: number,
): Zone {
  const serviceZone = serviceZoneOf(borough, character, north);
  return { id, name, borough, serviceZone, character, weight, east, north };
}

function serviceZoneOf(borough: string, character: ZoneCharacter, north: number): Zone["serviceZone"] {
  if (borough === "EWR") return "EWR";
  if (borough === "Unknown") return "N/A";
  if (character === "airport") return "Airports";
  // In Manhattan, green taxis may pick up passengers only north of 110th Street.
  return borough === "Manhattan" && north < 2 ? "Yellow Zone" : "Boro Zone";
}
