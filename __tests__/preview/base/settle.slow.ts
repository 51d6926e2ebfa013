import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod/mini";
import { planAgainstBase } from "../../../preview/plans/against-base";
import { synthesize } from "../../../preview/synthesis/synthesize";
import { stackFolders } from "../../../terraform/stack-folder";
import { findTerraform } from "../../../terraform/terraform";
import type { PlanInput } from "../../../preview/input";
import { describeUnless, testUnless } from "../../support/unless";
import { SmallProject, type StackFile, terraformMissing } from "../support/project";

const mirror = [process.env.TRIBUTARY_PROVIDER_MIRROR, "/opt/tf-plugins"].find(
  (folder) => folder !== undefined && existsSync(join(folder, "registry.terraform.io/hashicorp/aws/5.100.0")),
);

const planJson = z.object({
  resource_changes: z.array(
    z.looseObject({ address: z.string(), change: z.looseObject({ actions: z.array(z.string()) }) }),
  ),
});

describeUnless(terraformMissing())("a plan against the state that base would create", () => {
  let place: string;
  let project: SmallProject;
  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), "settle-"));
    project = new SmallProject({});
  });
  afterEach(() => {
    project.remove();
    rmSync(place, { recursive: true });
  });

  async function planned(base: StackFile | undefined, head: StackFile): Promise<PlanInput> {
    const outdirs: string[] = [];
    for (const [side, stack] of [
      ["base", base],
      ["head", head],
    ] as const) {
      if (stack !== undefined) project.stack("stack", stack);
      const outdir = join(place, side);
      if (stack === undefined) project.write("stacks/other.json", "{}");
      await synthesize({ project: project.folder, outdir });
      outdirs.push(outdir);
    }
    const [before, after] = outdirs.map((outdir) => stackFolders(outdir));
    const terraform = await findTerraform(process.env, "none");
    const inputs = await planAgainstBase(before ?? [], after ?? [], {
      terraform,
      cache: join(place, "cache"),
      mirror,
    });
    const found = inputs.find(({ stack }) => stack === "stack");
    if (found === undefined) throw new Error("no plan of the stack");
    return found;
  }

  const actions = (input: PlanInput): Record<string, string> => {
    if (!("content" in input)) return { failed: "error" in input ? input.error : input.blockedBy };
    const { resource_changes: changes } = planJson.parse(JSON.parse(Buffer.from(input.content).toString()));
    return Object.fromEntries(changes.map(({ address, change }) => [address, change.actions.join(", ")]));
  };

  const data = (resources: object, more: StackFile = {}): StackFile => ({
    ...more,
    resource: { terraform_data: resources },
  });

  test("distinguishes updates, replacements and unchanged resources", async () => {
    const references = {
      other: { input: { id: "${terraform_data.a.id}", list: [1, null, { x: true }], none: null } },
      same: {
        input: ["${terraform_data.other.output}"],
        triggers_replace: { a: ["${terraform_data.a.id}"] },
      },
    };
    const base = data({ a: { input: "x" }, b: { triggers_replace: 1 }, ...references });
    const head = data({ a: { input: "y" }, b: { triggers_replace: 2 }, ...references });
    expect(actions(await planned(base, head))).toEqual({
      "terraform_data.a": "update",
      "terraform_data.b": "delete, create",
      "terraform_data.other": "no-op",
      "terraform_data.same": "no-op",
    });
  });

  test("creates a new stack, and does not plan an identical stack", async () => {
    expect(actions(await planned(undefined, data({ a: {} })))).toEqual({ "terraform_data.a": "create" });
    const asking = { terraform: { required_providers: { x: { source: "nowhere/x", version: "1.0.0" } } } };
    expect(actions(await planned(data({ a: {} }, asking), data({ a: {} }, asking)))).toEqual({});
  });

  test("keeps values sensitive, which is not a difference", async () => {
    const secret = { variable: { token: { default: "S3cr3t", sensitive: true } } };
    const stack = (input: string) => data({ a: { input: { k: "${var.token}" } }, b: { input } }, secret);
    const input = await planned(stack("x"), stack("y"));
    expect(actions(input)).toEqual({ "terraform_data.a": "no-op", "terraform_data.b": "update" });
  });

  test("supports outputs, count, and numbers beyond 2^53", async () => {
    const stack = (n: string): StackFile => ({
      resource: {
        terraform_data: {
          many: { count: 2, input: "${count.index}" },
          big: { input: "${9007199254740993 + 0}" },
          c: { input: n },
        },
      },
      output: {
        all: { value: "${terraform_data.many[*].output}" },
        c: { value: "${terraform_data.c.output}" },
      },
    });
    expect(actions(await planned(stack("1"), stack("2")))).toEqual({
      "terraform_data.many[0]": "no-op",
      "terraform_data.many[1]": "no-op",
      "terraform_data.big": "no-op",
      "terraform_data.c": "update",
    });
  });

  test("moves a moved resource, and deletes a removed one", async () => {
    const moved = { moved: [{ from: "terraform_data.a", to: "terraform_data.b" }] };
    const input = await planned(data({ a: { input: 1 }, c: {} }), data({ b: { input: 1 } }, moved));
    expect(actions(input)).toEqual({ "terraform_data.b": "no-op", "terraform_data.c": "delete" });
  });

  test("reports errors in base and head", async () => {
    const wrong = data({ a: { input: "${nonsense.x.y}" } });
    expect(JSON.stringify(await planned(wrong, data({ a: {} })))).toMatch(/Reference to undeclared resource/);
    expect(JSON.stringify(await planned(data({ a: {} }), wrong))).toMatch(/Reference to undeclared resource/);
  });

  test("reports an unavailable provider with the reason and the solution", async () => {
    const asking = {
      terraform: { required_providers: { x: { source: "localhost:1/nowhere/x", version: "1.0.0" } } },
    };
    const { failed } = actions(await planned(undefined, data({ a: {} }, asking)));
    expect(failed).toMatch(
      /^localhost:1\/nowhere\/x 1\.0\.0 is not available: .*TRIBUTARY_PROVIDER_MIRROR to the output folder/,
    );
  });

  testUnless(
    mirror === undefined ? "no mirror with the aws provider 5.100.0: TRIBUTARY_PROVIDER_MIRROR" : undefined,
  )(
    "supports nested blocks, unknown references, sets and forced replacements of a real provider",
    async () => {
      const stack = (bucket: string, range: string, seconds: number): StackFile => ({
        terraform: { required_providers: { aws: { source: "aws", version: "5.100.0" } } },
        provider: { aws: [{ region: "eu-central-1" }] },
        resource: {
          aws_s3_bucket: { lake: { bucket } },
          aws_s3_bucket_public_access_block: { lake: { bucket: "${aws_s3_bucket.lake.id}" } },
          aws_vpc: { net: { cidr_block: "10.0.0.0/16" } },
          aws_subnet: { net: { vpc_id: "${aws_vpc.net.id}", cidr_block: "10.0.1.0/24" } },
          aws_security_group: {
            web: { name: "web", vpc_id: "${aws_vpc.net.id}", ingress: [rule(range)] },
          },
          aws_sqs_queue: { queue: { name: "queue", message_retention_seconds: seconds } },
        },
      });
      const input = await planned(stack("lake-1", "10.0.0.0/8", 60), stack("lake-2", "0.0.0.0/0", 600));
      expect(actions(input)).toEqual({
        "aws_s3_bucket.lake": "delete, create",
        "aws_s3_bucket_public_access_block.lake": "delete, create",
        "aws_vpc.net": "no-op",
        "aws_subnet.net": "no-op",
        "aws_security_group.web": "update",
        "aws_sqs_queue.queue": "update",
      });
    },
    180_000,
  );
});

function rule(range: string): object {
  const nothing = { ipv6_cidr_blocks: [], prefix_list_ids: [], security_groups: [], self: false };
  return { from_port: 443, to_port: 443, protocol: "tcp", cidr_blocks: [range], description: "", ...nothing };
}
