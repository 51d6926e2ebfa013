/**
 * Text from a plan, made safe to stand in one line of any output: line breaks and control characters become visible,
 * characters that reverse the direction of text as well, and nothing in it is a command to a CI runner.
 */
export function oneLine(text: string): string {
  return text
    .replace(/\r\n|[\r\n\u2028\u2029]/g, " ⏎ ")
    .replace(invisible, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .replace(/##\[/g, "##\u200b[")
    .replace(/^(\s*):(?=:)/, "$1:\u200b");
}

/** Control characters, and those that change how the text around them reads. */
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const invisible = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;
