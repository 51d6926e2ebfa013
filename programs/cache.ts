import { resolve } from "node:path";

/** Cache folder for what commands download. `npm ci` removes it. */
export const cache = resolve("node_modules", ".cache", "tributary");
