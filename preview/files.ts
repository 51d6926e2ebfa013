import { accessSync, constants, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { types } from "node:util";

/**
 * Reads a file that an option names.
 *
 * @throws Error with the option, the file and the reason
 */
export function readInput(option: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Error(`${option} ${file} ${faultOf(error, "read")}`);
  }
}

/**
 * Creates the folder of an output file, before work begins whose result could not be written.
 *
 * @param option the option with the file, as it is given
 * @throws Error with the option and the reason
 */
export function prepareOutput(option: string, file: string): void {
  try {
    createFolder(dirname(file));
    if (!existsSync(file)) accessSync(dirname(file), constants.W_OK);
    else if (statSync(file).isDirectory()) throw new Error("is a folder, not a file");
    else accessSync(file, constants.W_OK);
  } catch (error) {
    throw new Error(`${option} ${faultOf(error, "written")}`);
  }
}

/**
 * Creates an output folder, before work begins whose result could not be written.
 *
 * @throws Error with the option, the folder and the reason
 */
export function prepareFolder(option: string, folder: string): void {
  try {
    createFolder(folder);
  } catch (error) {
    throw new Error(`${option} ${folder} ${faultOf(error, "written")}`);
  }
}

/**
 * Writes a file whose folder exists.
 *
 * @param option the option with the file, as it is given
 * @throws Error with the option and the reason
 */
export function writeOutput(option: string, file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new Error(`${option} ${faultOf(error, "written")}`);
  }
}

/** Creates a folder and its parents. The recursive option of Node.js does not return for folders in `/proc`. */
function createFolder(folder: string): void {
  if (existsSync(folder)) {
    if (!statSync(folder).isDirectory()) throw new Error(`cannot be created: ${folder} is not a folder`);
    return;
  }
  createFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have created it.
    if (!existsSync(folder)) throw error;
  }
}

/** Continues a sentence that starts with the name of the file. */
export function faultOf(error: unknown, verb: "read" | "written"): string {
  if (!types.isNativeError(error)) return `cannot be ${verb}: ${String(error)}`;
  switch ("code" in error ? error.code : undefined) {
    case undefined:
      return error.message;
    case "ENOENT":
      return verb === "read" ? "does not exist" : "cannot be written: its folder cannot be created";
    case "EISDIR":
      return "is a folder, not a file";
    case "EACCES":
    case "EPERM":
      return `cannot be ${verb}: permission denied`;
    case "ENOSPC":
      return "cannot be written: no space left on the device";
    default:
      return `cannot be ${verb}: ${error.message}`;
  }
}
