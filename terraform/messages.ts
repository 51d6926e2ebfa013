/** Terraform's errors as one sentence each, without the frames it draws around them. */
export function errorIn(stderr: string): string | undefined {
  const plain = stderr.replaceAll(/^[╷│╵] ?/gm, "");
  const errors = plain.split(/^Error: /m).slice(1);
  if (errors.length === 0) return undefined;
  return errors.map(sentence).join("; ");
}

/** The heading, and the first paragraph that says more than where it is. */
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
