import type { Environment } from "../config";
import type { DatasetSpec } from "../dataset";
import { ConfigurationError } from "../errors/faults";
import {
  type EnvironmentRecords,
  recordedChanges,
  recordOf,
  refuseRecordedChanges,
  stackNames,
} from "../stacks";

interface Wanted {
  readonly environments: readonly Environment[];
  readonly catalog: ReadonlyMap<string, DatasetSpec>;
  /** Keys of the changes that are permitted: `dev.region`. */
  readonly accepted: readonly string[];
}

/**
 * The records of the environments that are deployed, after what changed in their settings and in the catalog. An
 * environment that is not deployed gets no record: until then, everything can be changed.
 *
 * @throws ConfigurationError when a change that is not accepted would lose something, or when there is no such change
 */
export function nextRecords(
  records: EnvironmentRecords,
  { environments, catalog, accepted }: Wanted,
): EnvironmentRecords {
  const known: string[] = [];
  const next = environments.flatMap((environment) => {
    const record = records[environment.name];
    if (record === undefined) return [];
    const stacks = stackNames(environment);
    const deployed = { environment, catalog, stacks, record };
    known.push(...recordedChanges(deployed).map(({ key }) => key));
    refuseRecordedChanges({ ...deployed, accepted });
    return [[environment.name, recordOf(environment, catalog, stacks, record)] as const];
  });
  const gone = Object.keys(records).filter((name) => environments.every((one) => one.name !== name));
  known.push(...gone.map((name) => `${name}.environment`));
  const lost = gone.filter((name) => !accepted.includes(`${name}.environment`));
  if (lost.length > 0)
    throw new ConfigurationError(
      "config",
      lost.map(
        (name) =>
          `${name}: does not exist, but the environment is deployed\n    put its file back and run npm run destroy -- ` +
          `--env ${name}\n    if it is destroyed already: npm run golden -- --accept ${name}.environment`,
      ),
    );
  const unknown = accepted.filter((key) => !known.includes(key));
  if (unknown.length > 0)
    throw new ConfigurationError(
      "--accept",
      unknown.map((key) => `${key}: is not a change; changes: ${known.join(", ") || "none"}`),
    );
  return Object.fromEntries(next);
}
