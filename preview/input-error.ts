/** The input cannot be read. The message continues a sentence that starts with the name of the input. */
export class PreviewInputError extends Error {
  override readonly name = "PreviewInputError";
}
