import { Token } from "cdktf";
import { escapeTemplates } from "../../constructs/escape-templates";

describe("escapeTemplates", () => {
  test.each([
    ["Costs ${price}.", "Costs $${price}."],
    ["%{if} 100 %", "%%{if} 100 %"],
    ["$5 {a}", "$5 {a}"],
  ])("%s -> %s", (text, escaped) => {
    expect(escapeTemplates(text)).toBe(escaped);
  });

  test("leaves text with tokens alone", () => {
    const text = `\${a} ${Token.asString({ resolve: () => "x" })}`;
    expect(escapeTemplates(text)).toBe(text);
  });
});
