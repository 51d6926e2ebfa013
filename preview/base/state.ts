import * as z from "zod/mini";
import { fill, invent, type Manner, manners } from "./fill";
import type { PlanJson, PlannedModule, PlannedResource } from "./plan-json";
import type { Block, Schemas, Type } from "./schema";
import { isRecord, typeOf } from "./types";

/** A state file, version 4. */
export interface State {
  readonly version: 4;
  readonly terraform_version: string;
  readonly serial: number;
  readonly lineage: string;
  readonly outputs: Readonly<Record<string, object>>;
  readonly resources: readonly StateResource[];
  readonly check_results: null;
}

interface StateResource {
  readonly module?: string;
  readonly mode: "managed";
  readonly type: string;
  readonly name: string;
  readonly provider: string;
  readonly instances: readonly object[];
}

/**
 * Returns the state that an apply of this plan would create, with placeholders for values that are known after the
 * apply.
 *
 * @param mannerOf by address, how the provider stores unset values
 * @throws Error if the schema of a resource type is unknown
 */
export function stateOf(
  plan: PlanJson,
  schemas: Schemas,
  mannerOf: (address: string) => Manner,
  serial: number,
): State {
  const unknown = new Map(
    plan.resource_changes.map(({ address, change }) => [address, change.after_unknown]),
  );
  const instances = resourcesOf(plan.planned_values.root_module).map(({ module, resource }) => {
    const block = schemas(resource.provider_name, resource.type);
    if (block === undefined)
      throw new Error(
        `${resource.address}: the schema of ${resource.provider_name} does not contain ${resource.type}`,
      );
    const { address } = resource;
    const owner = { ...ownerOf(resource), referenced: (name: string) => referencedBy(plan, resource, name) };
    return {
      key: [module, resource.type, resource.name].join(" "),
      head: {
        ...(module !== undefined && { module }),
        mode: "managed" as const,
        type: resource.type,
        name: resource.name,
        provider: providerOf(plan, resource),
      },
      instance: {
        ...(resource.index !== undefined && { index_key: resource.index }),
        schema_version: resource.schema_version,
        attributes: fill(resource.values, unknown.get(address), block, owner, mannerOf(address)),
        sensitive_attributes: sensitivePaths(resource.sensitive_values, block),
        dependencies: dependenciesOf(plan, resource),
      },
    };
  });
  return {
    version: 4,
    terraform_version: plan.terraform_version,
    serial,
    lineage: "00000000-0000-0000-0000-000000000000",
    outputs: outputsOf(plan),
    resources: [...grouped(instances)],
    check_results: null,
  };
}

/** The state of a stack that is not deployed. */
export function emptyState(terraformVersion: string): State {
  return {
    version: 4,
    terraform_version: terraformVersion,
    serial: 1,
    lineage: "00000000-0000-0000-0000-000000000000",
    outputs: {},
    resources: [],
    check_results: null,
  };
}

interface Placed {
  readonly module: string | undefined;
  readonly resource: PlannedResource;
}

function resourcesOf(module: PlannedModule): Placed[] {
  return [
    ...module.resources
      .filter(({ mode }) => mode === "managed")
      .map((resource) => ({ module: module.address, resource })),
    ...module.child_modules.flatMap(resourcesOf),
  ];
}

/** Uses the cloud name if there is one, so that placeholders do not change if a construct is renamed. */
function ownerOf({ type, name, index, values }: PlannedResource) {
  const own = typeof values.name === "string" ? values.name : name;
  return { type, name: index === undefined ? own : `${own}-${index}`, values };
}

function providerOf(
  { configuration }: PlanJson,
  { provider_name: provider, mode, type, name }: PlannedResource,
) {
  const configured = configuration.root_module.resources.find(
    (one) => one.mode === mode && one.type === type && one.name === name,
  );
  const alias = configuration.provider_config[configured?.provider_config_key ?? ""]?.alias;
  return `provider["${provider}"]${alias === undefined ? "" : `.${alias}`}`;
}

/** The references of a resource. Terraform stores them in the state to determine the order of deletions. */
function dependenciesOf({ configuration }: PlanJson, { mode, type, name }: PlannedResource): string[] {
  const { resources } = configuration.root_module;
  const own = resources.find((one) => one.mode === mode && one.type === type && one.name === name);
  const named = referencesIn(own).map((reference) => reference.split(".").slice(0, 2).join("."));
  const managed = new Set(resources.filter((one) => one.mode === "managed").map(({ address }) => address));
  return [...new Set(named)].filter((address) => managed.has(address)).sort();
}

const reference = z.object({ references: z.tuple([z.string()], z.string()) });

/**
 * The value of an attribute that consists of a reference to another resource. This assumption reduces the number of
 * plans; if the expression is more complex, the next plan corrects it.
 */
function referencedBy(plan: PlanJson, { mode, type, name }: PlannedResource, attribute: string): unknown {
  const { resources } = plan.configuration.root_module;
  const own = resources.find((one) => one.mode === mode && one.type === type && one.name === name);
  const read = reference.safeParse(own?.expressions[attribute]);
  if (!read.success) return undefined;
  const [otherType, otherName, otherAttribute, ...rest] = read.data.references[0].split(".");
  if (otherAttribute === undefined || rest.length > 0) return undefined;
  const other = plan.planned_values.root_module.resources.find(
    (one) => one.mode === "managed" && one.type === otherType && one.name === otherName,
  );
  if (other === undefined) return undefined;
  return other.values[otherAttribute] ?? invent(otherAttribute, "string", ownerOf(other), manners[0]);
}

function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    (key === "references" || key === "depends_on") && Array.isArray(inner)
      ? inner.filter((one) => typeof one === "string")
      : referencesIn(inner),
  );
}

/** Paths of sensitive values. Elements of a set have no path, so the whole set is sensitive. */
function sensitivePaths(sensitive: unknown, block: Block): object[][] {
  if (!isRecord(sensitive)) return [];
  return Object.entries(sensitive).flatMap(([name, inner]) => {
    const step = { type: "get_attr", value: name };
    const whole = isSet(block.attributes[name]?.type) || block.block_types[name]?.nesting_mode === "set";
    return whole && holdsTrue(inner) ? [[step]] : pathsIn(inner, [step]);
  });
}

function pathsIn(sensitive: unknown, above: readonly object[]): object[][] {
  if (sensitive === true) return [[...above]];
  if (Array.isArray(sensitive))
    return sensitive.flatMap((inner: unknown, index) =>
      pathsIn(inner, [...above, { type: "index", value: { value: index, type: "number" } }]),
    );
  if (!isRecord(sensitive)) return [];
  return Object.entries(sensitive).flatMap(([name, inner]) =>
    pathsIn(inner, [...above, { type: "get_attr", value: name }]),
  );
}

function isSet(type: Type | undefined): boolean {
  return Array.isArray(type) && type[0] === "set";
}

function holdsTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsTrue);
  return isRecord(value) ? Object.values(value).some(holdsTrue) : value === true;
}

function outputsOf(plan: PlanJson): Record<string, object> {
  return Object.fromEntries(
    Object.entries(plan.planned_values.outputs)
      .filter(([, { value }]) => value !== undefined && value !== null)
      .map(([name, { value, type, sensitive }]) => [
        name,
        { value, type: type ?? typeOf(value), ...(sensitive && { sensitive }) },
      ]),
  );
}

function* grouped(
  instances: readonly {
    readonly key: string;
    readonly head: Omit<StateResource, "instances">;
    readonly instance: object;
  }[],
): Iterable<StateResource> {
  for (const key of new Set(instances.map((one) => one.key))) {
    const own = instances.filter((one) => one.key === key);
    const [first] = own;
    if (first !== undefined) yield { ...first.head, instances: own.map(({ instance }) => instance) };
  }
}
