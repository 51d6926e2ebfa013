import { GoogleProvider } from "@cdktf/provider-google/lib/provider";
import { TerraformStack } from "cdktf";
import * as z from "zod/mini";
import { GoogleGroup } from "../../constructs/service-identity";
import { reader, withApp } from "./support";

const role = "roles/bigquery.jobUser";
const grantsJson = z.object({
  resource: z.object({
    google_project_iam_member: z.record(z.string(), z.object({ project: z.string() })),
  }),
});

describe("providerProject", () => {
  const synth = (build: (stack: TerraformStack) => void) =>
    withApp((app) => {
      const stack = new TerraformStack(app, "s");
      build(stack);
      stack.prepareStack();
      const { resource } = grantsJson.parse(stack.toTerraform());
      return Object.values(resource.google_project_iam_member).map(({ project }) => project);
    });

  test("is the project of the default provider, also of one that is created later", () => {
    const projects = synth((stack) => {
      new GoogleProvider(stack, "other", { alias: "other", project: "other" });
      const identity = reader(stack);
      identity.grantOnProject(role);
      new GoogleProvider(stack, "google", { project: "mine" });
      identity.grantOnProject(role);
    });
    expect(projects).toEqual(["mine"]);
  });

  test("is rejected if the provider has no project", () => {
    expect(() =>
      synth((stack) => {
        new GoogleProvider(stack, "google", {});
        new GoogleGroup(stack, "team", "team@example.com").grantOnProject(role);
      }),
    ).toThrow(
      `GoogleGroup at s/team:
  - grantOnProject("${role}"): the Google provider of the stack has no project; set it there, or pass \`project\``,
    );
  });
});
