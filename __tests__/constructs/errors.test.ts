import { Lazy, Token } from "cdktf";
import { Construct } from "constructs";
import { ConstructError, malformed, notWhole, refuse } from "../../constructs/errors";
import { stackOf } from "../support/stack";

/** What `refuse` throws for these faults. */
function thrown(faults: Parameters<typeof refuse>[1]): unknown {
  let found: unknown;
  stackOf((stack) => {
    const thing = new Construct(new Construct(stack, "outer"), "thing");
    try {
      refuse(thing, faults);
    } catch (error) {
      found = error;
    }
  });
  return found;
}

describe("ConstructError", () => {
  test("lists every fault once, with class and path of the construct", () => {
    const error = thrown(["a: is wrong", false, "b: is wrong", undefined, "a: is wrong"]);
    expect(error).toBeInstanceOf(ConstructError);
    expect(error).toMatchObject({
      name: "ConstructError",
      message: "Construct at test/outer/thing:\n  - a: is wrong\n  - b: is wrong",
      path: "test/outer/thing",
      faults: ["a: is wrong", "b: is wrong"],
    });
  });

  test("is not thrown when there are no faults", () => {
    expect(thrown([false, undefined])).toBeUndefined();
  });
});

describe("malformed", () => {
  test("names prop, value and requirement", () => {
    expect(malformed("name", "A", /^[a-z]$/, "a lowercase letter")).toBe(
      'name: "A" must be a lowercase letter',
    );
    expect(malformed("name", "a", /^[a-z]$/, "a lowercase letter")).toBe(false);
  });

  test("does not check values that Terraform computes later", () => {
    const later = Lazy.stringValue({ produce: () => "A" });
    expect(malformed("name", later, /^[a-z]$/, "a lowercase letter")).toBe(false);
  });
});

describe("notWhole", () => {
  test.each([
    [0, "n: 0 must be an integer from 1 to 3"],
    [1, false],
    [1.5, "n: 1.5 must be an integer from 1 to 3"],
    [3, false],
    [4, "n: 4 must be an integer from 1 to 3"],
  ])("%p in 1 to 3 -> %p", (value, fault) => {
    expect(notWhole("n", value, 1, 3)).toBe(fault);
  });

  test("has no upper limit unless there is one, and does not check values that Terraform computes later", () => {
    expect(notWhole("n", 1e9, 1)).toBe(false);
    expect(notWhole("n", 0, 1)).toBe("n: 0 must be an integer of at least 1");
    expect(notWhole("n", Token.asNumber({ resolve: () => 0 }), 1)).toBe(false);
  });
});
