import { Token } from "cdktf";

/**
 * Text that Terraform takes as it is written: `${` and `%{` would start an expression there. Text that holds
 * tokens of cdktf is left alone, its expressions are meant.
 */
export function escapeTemplates(text: string): string {
  return Token.isUnresolved(text) ? text : text.replaceAll(/[$%](?=\{)/g, "$&$&");
}
