import { ServiceAccount } from "@cdktf/provider-google/lib/service-account";
import { TerraformHclModule } from "cdktf";
import { nothingLost } from "../../../guardrails";
import { said } from "../support";

const account = (stack: ConstructorParameters<typeof ServiceAccount>[0], id: string) =>
  new ServiceAccount(stack, id, { accountId: "ingest" });

test.each([
  ["a.b", "ab"],
  ["a-b", "a.-b"],
])("nothingLost finds a resource that cdktf drops: ids %s and %s", (one, other) => {
  const found = said(nothingLost(), {}, (stack) => {
    account(stack, one);
    account(stack, other);
  });
  expect(found).toEqual([
    `test/${one} is missing from the synthesized stack: another construct has the same address | ` +
      "give it an id that differs in a letter or digit",
  ]);
});

test("nothingLost finds a module", () => {
  const found = said(nothingLost(), {}, (stack) => {
    new TerraformHclModule(stack, "theirs", { source: "terraform-google-modules/log-export/google" });
  });
  expect(found).toEqual([
    "test/theirs is a module: its resources are not in the synthesized stack, so no rule checks them | " +
      "use constructs or resources instead",
  ]);
});

test("nothingLost accepts constructs that are all emitted", () => {
  const found = said(nothingLost(), { google_storage_bucket: { lake: {} } }, (stack) => {
    account(stack, "one");
    account(stack, "two");
  });
  expect(found).toEqual([]);
});
