import { resolve } from "node:path";

/** Where what commands fetch once is kept. `npm ci` empties it. */
export const cache = resolve("node_modules", ".cache", "tributary");
