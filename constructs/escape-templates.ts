import { Token } from "cdktf";

/**
 * Escapes `${` and `%{`, which start an expression in Terraform, so that Terraform keeps the text as it is. Text that
 * contains cdktf tokens is returned unchanged: its expressions are intended.
 */
export function escapeTemplates(text: string): string {
  return Token.isUnresolved(text) ? text : text.replaceAll(/[$%](?=\{)/g, "$&$&");
}
