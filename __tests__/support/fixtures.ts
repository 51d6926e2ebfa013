import { join } from "node:path";

/** A project with the catalog of the tests, in which `npm run transform` can be run: see fixture-project.ts. */
export const fixtureProject = join(__dirname, "../../dist/fixtures");
