import { sourceContents } from "../../constructs/workflow-source";

describe("sourceContents", () => {
  test("is JSON in which Terraform finds no expressions", () => {
    const source = { main: { params: ["args"], steps: [{ a: { return: '${args.x + "%{y}"}' } }] } };
    expect(sourceContents(source)).toBe(
      '{"main":{"params":["args"],"steps":[{"a":{"return":"$${args.x + \\"%%{y}\\"}"}}]}}',
    );
  });
});
