/** An input that cannot be read. The message continues a sentence that begins with the input's name. */
export class PreviewInputError extends Error {
  override readonly name = "PreviewInputError";
}
