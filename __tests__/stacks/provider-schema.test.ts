import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import * as z from "zod/mini";
import { loadCatalog } from "../fixtures/catalog";
import { trimmed } from "../../checks/provider-schema/schema";
import { usedTypes } from "../../checks/provider-schema/used-types";
import { needsOf } from "../../checks/terraform/working-copy";
import { environments } from "../fixtures/config";
import { synthesized } from "../../scripts/synthesized";
import { providerSchemas, schemaFaults, stackFaults } from "../support/provider-schema";
import { testUnless } from "../support/unless";

const project = join(__dirname, "../..");

test.each(environments.map((environment) => [environment.name, environment] as const))(
  "every resource of %s conforms to the schema of its provider",
  (_, environment) => {
    const stacks = synthesized({ environment, catalog: loadCatalog() });
    expect(
      [...stacks].flatMap(([name, json]) => stackFaults(json).map((fault) => `${name}: ${fault}`)),
    ).toEqual([]);
  },
);

test("the committed schemas contain exactly the types that constructs and stacks use", () => {
  const held = Object.entries(providerSchemas).map(([name, { resources }]) => [name, Object.keys(resources)]);
  expect(Object.fromEntries(held)).toEqual(Object.fromEntries(usedTypes(project, ["constructs", "stacks"])));
});

const required = new Map(
  environments.flatMap((environment) =>
    [...synthesized({ environment, catalog: loadCatalog() }).values()].flatMap((stack) => [
      ...needsOf(stack),
    ]),
  ),
);
for (const [name, { source, version }] of required) {
  const held = providerSchemas[name]?.version ?? "none";
  const reason =
    name === "aws" && held !== version
      ? `the schemas are of ${source} ${held}, the stacks require ${version}: npm run provider-schema where it can be downloaded`
      : undefined;
  testUnless(reason)(`the schemas of ${source} are of the version that the stacks require`, () => {
    expect(held).toBe(version);
  });
}

test("schema faults are found: missing, unknown, computed, deprecated, another type, a wrong count", () => {
  const schema = providerSchemas.google?.resources.google_bigquery_table;
  if (schema === undefined) throw new Error("no schema of google_bigquery_table");
  const faults = schemaFaults(
    "table",
    {
      table_id: "t",
      etag: "x",
      colour: "red",
      clustering: "day",
      labels: ["red"],
      friendly_name: ["t"],
      view: [{ query: "select 1" }, { use_legacy_sql: false }],
      time_partitioning: { type: "DAY", require_partition_filter: true },
      external_data_configuration: "gs://lake",
    },
    schema,
  );
  expect(faults).toEqual([
    "table.dataset_id is required",
    "table.etag is computed and cannot be set",
    "table.colour is unknown",
    "table.clustering is not of type list(string)",
    "table.labels is not of type map(string)",
    "table.friendly_name is not of type string",
    "table.view[1].query is required",
    "table.time_partitioning[0].require_partition_filter is deprecated",
    "table.external_data_configuration[0] is not a block",
    "table.view: 2 blocks, at most 1 are allowed",
  ]);
});

test("a resource of a type without a schema is found, with the command that adds it", () => {
  const resource = { google_pubsub_topic: { events: {} } };
  expect(stackFaults({ resource })).toEqual([
    "google_pubsub_topic.events: __tests__/fixtures/provider-schema.json has no google_pubsub_topic: npm run provider-schema",
  ]);
});

const shared = join(project, "../shared/data/provider-schema.json.gz");
const provider = z.object({ resources: z.record(z.string(), z.unknown()) });

testUnless(existsSync(shared) ? undefined : `there are no schemas to compare with (${shared})`)(
  "the schemas of google are those of another source, which lacks descriptions",
  () => {
    const { google } = z
      .object({ google: provider })
      .parse(JSON.parse(gunzipSync(readFileSync(shared)).toString()));
    const json = {
      provider_schemas: { "registry.terraform.io/hashicorp/google": { resource_schemas: google.resources } },
    };
    // That source is a part of the provider.
    const own = Object.fromEntries(
      Object.entries(providerSchemas.google?.resources ?? {}).filter(([type]) => type in google.resources),
    );
    expect(Object.keys(own).length).toBeGreaterThan(30);
    const unlisted = /\.description$/;
    const listed = (tree: unknown) => leaves(tree).filter(({ path }) => !unlisted.test(path));
    expect(listed(own)).toEqual(listed(trimmed(json, "hashicorp/google", Object.keys(own))));
  },
);

/** The values of a tree with the path to each. */
function leaves(value: unknown, path = ""): { readonly path: string; readonly value: unknown }[] {
  if (typeof value !== "object" || value === null) return [{ path, value }];
  return Object.entries(value).flatMap(([key, part]) => leaves(part, `${path}.${key}`));
}
