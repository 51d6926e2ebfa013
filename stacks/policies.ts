import { type DatasetSpec, policyTagLocation } from "../dataset";
import type { Environment } from "../config";
import { ConfigurationError } from "../errors/faults";

/**
 * The catalog with the policy tags of an environment in place of their names.
 *
 * @throws ConfigurationError when the environment has no tag of a name, or a tag is in another region than the tables
 */
export function withPolicyTags(
  catalog: ReadonlyMap<string, DatasetSpec>,
  environment: Environment,
): ReadonlyMap<string, DatasetSpec> {
  return new Map([...catalog].map(([id, spec]) => [id, resolved(spec, environment)]));
}

/** Whether a column of any data set has a policy tag. */
export function hasPolicyTags(catalog: ReadonlyMap<string, DatasetSpec>): boolean {
  return [...catalog.values()].some(({ columns }) =>
    columns.some(({ policyTag }) => policyTag !== undefined),
  );
}

function resolved(
  spec: DatasetSpec,
  { name: environment, region, policyTags = {} }: Environment,
): DatasetSpec {
  if (spec.columns.every(({ policyTag }) => policyTag === undefined)) return spec;
  const faults: string[] = [];
  const columns = spec.columns.map((column) => {
    if (column.policyTag === undefined) return column;
    const tag =
      policyTagLocation(column.policyTag) === undefined ? policyTags[column.policyTag] : column.policyTag;
    const field = `columns.${column.name}.policyTag: "${column.policyTag}"`;
    if (tag === undefined) {
      const known = Object.keys(policyTags).join(", ") || "none";
      faults.push(
        `${field} does not exist in policyTags of config/${environment}.ts; available policy tags: ${known}`,
      );
      return column;
    }
    const location = policyTagLocation(tag);
    if (location !== region)
      faults.push(
        `${field} is in ${location ?? "no location"}; a column takes tags only of the region of its table, ${region}`,
      );
    return { ...column, policyTag: tag };
  });
  if (faults.length > 0) throw new ConfigurationError(`data set ${spec.id}`, faults);
  return { ...spec, columns };
}
