/** Extracts the errors from Terraform's output, one sentence each. */
export function errorIn(stderr: string): string | undefined {
  const plain = stderr.replaceAll(/^[╷│╵] ?/gm, "");
  const errors = plain.split(/^Error: /m).slice(1);
  if (errors.length === 0) return undefined;
  return errors.map(sentence).join("; ");
}

/** The heading, and the first paragraph that is not a location. */
function sentence(error: string): string {
  const [heading = "", ...paragraphs] = error
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replaceAll(/\s+/g, " ").trim());
  const detail = paragraphs.find(
    (paragraph) => paragraph !== "" && !/^(on|with) \S+( line|,)/.test(paragraph),
  );
  const whole = detail === undefined ? heading : `${heading}: ${detail}`;
  return whole.replace(/\.$/, "");
}
