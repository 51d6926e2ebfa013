import { trimmed } from "../../../checks/provider-schema/schema";

const block = {
  attributes: {
    name: { type: "string", required: true },
    id: { type: "string", computed: true, optional: true },
    etag: { type: "string", computed: true },
    tags: { type: ["set", "string"], optional: true },
    matrix: { type: ["list", ["map", "number"]], optional: true },
    rules: { type: ["list", ["object", { age: "number" }]], optional: true },
    old: { type: "bool", optional: true, deprecated: true },
  },
  block_types: {
    timeouts: {
      nesting_mode: "single",
      block: { attributes: { create: { type: "string", optional: true } } },
    },
    rule: {
      nesting_mode: "list",
      min_items: 1,
      max_items: 3,
      block: { block_types: { condition: { nesting_mode: "set", block: {} } } },
    },
  },
};
const json = {
  format_version: "1.0",
  provider_schemas: {
    "registry.terraform.io/hashicorp/google": {
      resource_schemas: { google_one: { version: 0, block }, google_other: { version: 1, block: {} } },
    },
  },
};

test("trimmed keeps the use and type of each argument and the count of each block, sorted", () => {
  expect(JSON.stringify(trimmed(json, "hashicorp/google", ["google_other", "google_one"]), null, 1)).toBe(
    JSON.stringify(
      {
        google_one: {
          attributes: {
            etag: "computed string",
            id: "optional string",
            matrix: "optional list(map(number))",
            name: "required string",
            old: "optional deprecated bool",
            rules: "optional list(object)",
            tags: "optional set(string)",
          },
          blocks: {
            rule: { min: 1, max: 3, blocks: { condition: {} } },
            timeouts: { max: 1, attributes: { create: "optional string" } },
          },
        },
        google_other: {},
      },
      null,
      1,
    ),
  );
});

test("trimmed throws for a provider or type that does not exist", () => {
  expect(() => trimmed(json, "hashicorp/google", ["google_gone"])).toThrow(
    "hashicorp/google has no resource type google_gone",
  );
  expect(() => trimmed(json, "hashicorp/aws", [])).toThrow("schemas of hashicorp/aws are missing");
});
