import { readCatalog } from "../../catalog";
import {
  type DatasetSpec,
  deployedDataset,
  deploymentName,
  type JobEnvironment,
  jobEnvironmentFrom,
  specFromDeployment,
  type Variables,
} from "../../dataset";
import { ConfigurationError } from "../../errors/faults";
import { suggestion } from "../../errors/near";
import { CloudClients } from "../cloud/clients";
import { Failure } from "../failure";
import { bucketFiles, folderFiles, type SpecificationFiles } from "../cloud/specification-files";

/**
 * The specification of the data set that a command is about: from the catalog next to the program, or, in the cloud, from
 * the bucket that the stacks write specifications to.
 *
 * @param id the requested data set. @default - the one of the environment; without it, the error lists the available ones
 * @throws Failure permanent when the data set does not exist
 */
export async function specOf(id: string | undefined, environment: JobEnvironment): Promise<DatasetSpec> {
  const { spec } = environment;
  if (spec !== undefined) {
    if (id === undefined || id === spec.id) return spec;
    throw new Failure("permanent", `DATASET_SPEC contains the data set ${spec.id}, not ${id}`);
  }
  const files = filesOf(environment);
  if (files === undefined) return fromCatalog(id);
  const text = id === undefined ? undefined : await files.read(deploymentName(id));
  if (text === undefined) throw unknown(id, await idsIn(files), files.name);
  return checked(specFromDeployment(text), id, files.name);
}

/**
 * All specifications there are, by id.
 *
 * @param onBroken called with the fault of a specification that cannot be read, which does not affect the others
 */
export async function allSpecs(
  environment: JobEnvironment,
  onBroken: (fault: string) => void,
): Promise<readonly DatasetSpec[]> {
  if (environment.spec !== undefined) return [environment.spec];
  const files = filesOf(environment);
  if (files === undefined) {
    const { values, broken } = readCatalog();
    for (const error of broken.values()) onBroken(error.message);
    return [...values.values()];
  }
  const specs: DatasetSpec[] = [];
  for (const id of await idsIn(files)) {
    try {
      specs.push(await specOf(id, environment));
    } catch (error) {
      // A store that cannot be reached affects all of them.
      if (!(error instanceof ConfigurationError)) throw error;
      onBroken(error.message);
    }
  }
  return specs;
}

/** Prints the fault of a specification. */
export function warnOfBroken(fault: string): void {
  process.stderr.write(`${fault}\n`);
}

/**
 * Where the specifications are, for commands that need nothing else: a workstation may only have the bucket of the lake.
 *
 * @default - the catalog next to the program
 */
export function specificationsFrom(variables: Variables): JobEnvironment {
  return variables["SPECIFICATIONS"] || variables["DATASET_SPEC"] ? jobEnvironmentFrom(variables) : {};
}

function filesOf({ specifications, endpoints }: JobEnvironment): SpecificationFiles | undefined {
  if (specifications === undefined) return undefined;
  const bucket = /^gs:\/\/([^/]+)\/?$/.exec(specifications)?.[1];
  return bucket === undefined
    ? folderFiles(specifications)
    : bucketFiles(() => new CloudClients(endpoints).storage(), bucket);
}

function fromCatalog(id: string | undefined): DatasetSpec {
  const { values, broken } = readCatalog();
  const spec = id === undefined ? undefined : values.get(id);
  if (spec !== undefined) return spec;
  const fault = broken.get(id ?? "");
  throw fault ?? unknown(id, [...values.keys()]);
}

async function idsIn(files: SpecificationFiles): Promise<readonly string[]> {
  return (await files.names()).flatMap((name) => deployedDataset(name) ?? []).sort();
}

/** @param place where they were looked for. @default - the catalog */
function unknown(id: string | undefined, ids: readonly string[], place?: string): Failure {
  const known =
    ids.length > 20 ? `${ids.slice(0, 20).join(", ")} and ${ids.length - 20} more` : ids.join(", ");
  return new Failure(
    "permanent",
    id === undefined
      ? `--dataset is required; available: ${known}`
      : `data set "${id}" does not exist${place === undefined ? "" : ` in ${place}`}${suggestion(id, ids)}${suggestion(id, ids) === "" ? "; a" : " A"}vailable: ${known || "none"}`,
  );
}

/** An object that was copied by hand must not be taken for another data set. */
function checked(spec: DatasetSpec, id: string | undefined, place: string): DatasetSpec {
  if (spec.id === id) return spec;
  throw new Failure(
    "permanent",
    `${place}/${deploymentName(id ?? "")} contains the data set ${spec.id}, not ${id ?? ""}; deploy the specification again`,
  );
}
