import { CustomRole } from "../../constructs/custom-role";
import { resources, stackOf } from "../support/stack";
import { refusal } from "./support";

const props = {
  name: "list",
  title: "List objects",
  description: "Lists the names of objects.",
  permissions: ["storage.objects.list"],
};

test("CustomRole has the permissions it is given", () => {
  const json = stackOf((stack) => new CustomRole(stack, "list", props));
  expect(resources(json, "google_project_iam_custom_role")).toEqual([
    {
      role_id: "list",
      title: "List objects",
      description: "Lists the names of objects.",
      permissions: ["storage.objects.list"],
      stage: "GA",
    },
  ]);
});

test("CustomRole refuses an id that IAM does not accept, and a role without permissions", () => {
  const wrong = { ...props, name: "my-role", permissions: [] };
  expect(refusal(() => stackOf((stack) => new CustomRole(stack, "list", wrong))))
    .toBe(`CustomRole at test/list:
  - name: "my-role" must be 3 to 64 letters, digits, dots and underscores
  - permissions: must not be empty`);
});
