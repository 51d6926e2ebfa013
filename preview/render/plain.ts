/**
 * Makes text from a plan safe for one line of any output: line breaks, control characters and characters that change
 * the direction of text become visible, and a CI runner does not interpret the text as a command.
 */
export function oneLine(text: string): string {
  return text
    .replace(/\r\n|[\r\n\u2028\u2029]/g, " ⏎ ")
    .replace(invisible, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .replace(/##\[/g, "##\u200b[")
    .replace(/^(\s*):(?=:)/, "$1:\u200b");
}

/** Control characters, and characters that change how the surrounding text is displayed. */
// eslint-disable-next-line no-control-regex -- matches control characters
const invisible = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;
