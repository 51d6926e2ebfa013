import { schemaJson, tableFaults, tableNameFault } from "../../constructs/table-schema";

const faults = (columns: Parameters<typeof tableFaults>[1]) =>
  tableFaults("t", columns).filter((fault) => fault !== false);

describe("schemaJson", () => {
  test("is BigQuery's JSON, with texts that Terraform keeps as they are", () => {
    const columns = [
      { name: "id", type: "INTEGER", mode: "REQUIRED", description: "Costs ${price}, 100 %{sure}." },
      {
        name: "stops",
        type: "RECORD",
        mode: "REPEATED",
        fields: [{ name: "at", type: "TIMESTAMP" }],
      },
    ] as const;
    expect(schemaJson(columns)).toBe(
      JSON.stringify([
        { name: "id", type: "INTEGER", mode: "REQUIRED", description: "Costs $${price}, 100 %%{sure}." },
        {
          name: "stops",
          type: "RECORD",
          mode: "REPEATED",
          fields: [{ name: "at", type: "TIMESTAMP", mode: "NULLABLE" }],
        },
      ]),
    );
  });
});

describe("tableFaults", () => {
  test("finds duplicate and invalid columns at every level", () => {
    expect(
      faults([
        { name: "ID", type: "INTEGER" },
        { name: "id", type: "INTEGER" },
        { name: "1st", type: "JSON" },
        { name: "empty", type: "RECORD" },
        { name: "nested", type: "RECORD", fields: [{ name: "a b", type: "DATE" }] },
        { name: "plain", type: "JSON", fields: [{ name: "a", type: "JSON" }] },
      ]),
    ).toEqual([
      'columns.name: "1st" must be letters, digits and underscores, at most 300, not starting with a digit',
      "columns: duplicate column id; BigQuery ignores case",
      "columns.empty.fields: must not be empty",
      'columns.nested.fields.name: "a b" must be letters, digits and underscores, at most 300, not starting with a digit',
      "columns.plain.fields: only a RECORD has fields, plain is JSON",
    ]);
  });

  test("finds tables without columns", () => {
    expect(faults([])).toEqual(["columns: must not be empty"]);
  });
});

describe("tableNameFault", () => {
  test("finds names that BigQuery does not accept", () => {
    expect(tableNameFault("a-b")).toBe('name: "a-b" must be letters, digits and underscores, at most 1024');
    expect(tableNameFault("a_b")).toBe(false);
  });
});
