import { arrayOf, blockOf, isArray, isObject, type Json, type JsonObject, objectOf, textOf } from "../json";
import type { SynthesizedResource, SynthesizedStack } from "./app";

/** Reads a synthesized stack, a `cdk.tf.json`. */
export function stackOf(
  name: string,
  dependencies: readonly string[],
  document: JsonObject,
): SynthesizedStack {
  const { resource, data, output, ...rest } = document;
  const written = [...entriesOf("managed", objectOf(resource)), ...entriesOf("data", objectOf(data))];
  const project = textOf(blockOf(objectOf(rest["provider"])["google"])["project"]);
  const argumentsOf = new Map(written.map((entry) => [entry.address, withIdentity(entry, project)]));
  return {
    name,
    dependencies,
    resources: written.map((entry) => ({
      ...entry,
      references: [...new Set(referencesIn(entry.arguments))].filter((address) => argumentsOf.has(address)),
      arguments: objectOf(resolved(entry.arguments, argumentsOf, 0)),
    })),
    outputs: Object.fromEntries(
      Object.entries(objectOf(output)).map(([key, value]) => [key, objectOf(value)["value"] ?? null]),
    ),
    rest: objectOf(withoutComments(rest)),
  };
}

/** Adds the email of a service account, which Google computes from its id and project. */
function withIdentity({ type, arguments: values }: Written, provider: string | undefined): JsonObject {
  const id = textOf(values["account_id"]);
  const project = textOf(values["project"]) ?? provider;
  if (type !== "google_service_account" || id === undefined || project === undefined) return values;
  const email = `${id}@${project}.iam.gserviceaccount.com`;
  return { ...values, email, member: `serviceAccount:${email}` };
}

type Written = Omit<SynthesizedResource, "references">;

function entriesOf(mode: "managed" | "data", types: JsonObject): Written[] {
  return Object.entries(types).flatMap(([type, resources]) =>
    Object.entries(objectOf(resources)).map(([name, value]): Written => {
      const { "//": comment, ...written } = objectOf(value);
      const metadata = objectOf(objectOf(comment)["metadata"]);
      const path = textOf(metadata["path"])?.replace(/\/Resource$/, "");
      return {
        address: `${mode === "data" ? "data." : ""}${type}.${name}`,
        mode,
        type,
        ...(path !== undefined && { path }),
        source: arrayOf(metadata["stackTrace"]).flatMap((frame) => textOf(frame) ?? []),
        arguments: objectOf(withoutComments({ ...written, depends_on: undefined })),
      };
    }),
  );
}

function withoutComments(value: Json | undefined): Json | undefined {
  if (isArray(value)) return value.map((item) => withoutComments(item) ?? null);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "//")
      .map(([key, member]) => [key, withoutComments(member)]),
  );
}

/** `${google_bigquery_dataset.raw_1D6FB60A.dataset_id}`, also inside longer strings. */
const reference = /\$\{((?:data\.)?[a-z][a-z0-9]*_\w+\.[\w-]+)\.(\w+)\}/g;
const anyReference = /\b((?:data\.)?(?:google|aws|azurerm|random|null|time|tls|terraform)_\w+\.[\w-]+)/g;

function referencesIn(value: Json | undefined): string[] {
  if (typeof value === "string")
    return value.includes("${") ? [...value.matchAll(anyReference)].map(([, address = ""]) => address) : [];
  if (isArray(value)) return value.flatMap(referencesIn);
  return isObject(value) ? Object.values(value).flatMap(referencesIn) : [];
}

/** Resolves references to values in the same stack, up to four levels deep. */
function resolved(
  value: Json | undefined,
  known: ReadonlyMap<string, JsonObject>,
  depth: number,
): Json | undefined {
  if (typeof value === "string") {
    if (depth > 3 || !value.includes("${")) return value;
    return value.replace(reference, (whole, address: string, attribute: string) => {
      const target = textOf(known.get(address)?.[attribute]);
      return target === undefined ? whole : (textOf(resolved(target, known, depth + 1)) ?? whole);
    });
  }
  if (isArray(value)) return value.map((item) => resolved(item, known, depth) ?? null);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, resolved(member, known, depth)]),
  );
}
