import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Block } from "../../../preview/base/schema";
import { fill, manners } from "../../../preview/base/fill";
import { settle } from "../../../preview/base/settle";
import type { Terraform } from "../../../terraform/terraform";

const block: Block = {
  attributes: { id: { type: "string" }, name: { type: "string" }, size: { type: "number" } },
  block_types: {
    disk: { nesting_mode: "list", block: { attributes: { kind: { type: "string" } }, block_types: {} } },
  },
};

interface Attributes {
  readonly id: string;
  readonly size: number;
  readonly disk: readonly { readonly kind: string | null }[];
}

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "manners-"))));
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A Terraform whose provider accepts some states, rejects others, and plans changes for the rest. */
function provider(judge: (attributes: Attributes) => "content" | "refused" | "changed") {
  const plans: string[] = [];
  const terraform: Terraform = {
    version: "1.11.4",
    platform: "linux_amd64",
    run: (args) => {
      const answer = (stdout: string, exitCode = 0) =>
        Promise.resolve({ exitCode, stdout: Buffer.from(stdout), stderr: "" });
      if (args[0] === "show") return answer(JSON.stringify(plan));
      const { resources } = JSON.parse(readFileSync(join(folder, "terraform.tfstate"), "utf8")) as {
        resources: { instances: { attributes: Attributes }[] }[];
      };
      const attributes = resources[0]?.instances[0]?.attributes;
      const verdict = attributes === undefined ? "changed" : judge(attributes);
      plans.push(verdict);
      if (verdict === "refused")
        return answer(
          `{"@level":"error","type":"diagnostic","diagnostic":{"address":"x_disk.a","summary":"no"}}\n`,
          1,
        );
      writeFileSync(join(folder, "tributary.tfplan"), "");
      return answer(
        verdict === "content"
          ? `{"@level":"info","type":"change_summary"}\n`
          : `{"@level":"info","type":"planned_change","change":{"resource":{"addr":"x_disk.a"},"action":"update"}}\n`,
      );
    },
  };
  return { terraform, plans };
}

const plan = {
  terraform_version: "1.11.4",
  planned_values: {
    root_module: {
      resources: [
        {
          ...{ address: "x_disk.a", mode: "managed", type: "x_disk", name: "a", provider_name: "p/x" },
          values: { name: "one", disk: [{ kind: null }] },
        },
      ],
    },
  },
  resource_changes: [
    { address: "x_disk.a", change: { after_unknown: { id: true, size: true, disk: [{}] } } },
  ],
};

const settled = (terraform: Terraform) =>
  settle(
    folder,
    Promise.resolve(() => block),
    { terraform, pluginDirs: [] },
  );

test("an unknown resource type in the schema is an error that names the resource", async () => {
  const { terraform } = provider(() => "content");
  const unknown = settle(
    folder,
    Promise.resolve(() => undefined),
    { terraform, pluginDirs: [] },
  );
  await expect(unknown).rejects.toThrow("x_disk.a: the schema of p/x does not contain x_disk");
});

test("the first variant of placeholders is sufficient for most providers", async () => {
  const { terraform, plans } = provider(() => "content");
  const result = await settled(terraform);
  expect(result).toMatchObject({
    state: {
      resources: [
        {
          provider: 'provider["p/x"]',
          instances: [
            { attributes: { id: "invented/x_disk/one", name: "one", size: 1, disk: [{ kind: "" }] } },
          ],
        },
      ],
    },
  });
  expect(plans).toEqual(["changed", "content"]);
});

test("a rejected placeholder number is replaced", async () => {
  const { terraform } = provider(({ size }) => (size === 0 ? "content" : "refused"));
  expect(await settled(terraform)).toMatchObject({ kind: "settled" });
});

test("a null in a block that changes in every plan remains null", async () => {
  const { terraform } = provider(({ disk }) => (disk[0]?.kind === null ? "content" : "changed"));
  expect(await settled(terraform)).toMatchObject({ kind: "settled" });
});

test("a resource that changes with every variant is an error with its address", async () => {
  expect(await settled(provider(() => "changed").terraform)).toEqual({
    kind: "failed",
    error: "the state that base would create cannot be determined: every plan changes x_disk.a",
  });
});

test("a resource that is rejected with every variant is an error with the message of the provider", async () => {
  const result = await settled(provider(() => "refused").terraform);
  expect(result).toMatchObject({
    kind: "failed",
    error: expect.stringContaining('"summary":"no"') as string,
  });
});

test.each([
  [["list", "string"], "theirs", ["theirs"]],
  [["set", "string"], ["theirs"], ["theirs"]],
  [["map", "string"], "theirs", {}],
  [["object", {}], "theirs", null],
  ["string", "theirs", "theirs"],
  ["string", ["theirs"], "channels-of-a"],
  ["dynamic", "theirs", { value: "theirs", type: "string" }],
] as const)(
  "a reference gives an unknown attribute of type %j what fits it: %j gives %j",
  (type, referenced, filled) => {
    const owner = { type: "x_alert", name: "a", values: {}, referenced: () => referenced };
    const attributes = { channels: { type } } as unknown as Block["attributes"];
    expect(fill({}, { channels: true }, { attributes, block_types: {} }, owner, manners[0])).toEqual({
      channels: filled,
    });
  },
);
