/**
 * Loaded into the app by `node --require`: records which lines of the project create each construct, and writes them
 * to the file in TRIBUTARY_SOURCES, by construct path, innermost line first:
 * {"prod-warehouse/taxi_zones": ["constructs/native-table.ts:49", "stacks/warehouse.ts:31"]}
 *
 * cdktf calls `addMetadata("stacktrace", ...)` for every element, but does not record a stack trace.
 */
const { readFileSync, writeFileSync } = require("node:fs");
const { createRequire, SourceMap } = require("node:module");
const { dirname, join, relative, resolve, sep } = require("node:path");
const { fileURLToPath } = require("node:url");

const project = process.cwd();
const created = new Map();

const constructs = load("constructs");
if (constructs !== undefined) {
  const { prototype } = constructs.Node;
  const addMetadata = prototype.addMetadata;
  prototype.addMetadata = function (type, ...rest) {
    if (type === "stacktrace") created.set(this.path, frames());
    return addMetadata.call(this, type, ...rest);
  };
  process.on("exit", () => {
    if (created.size === 0) return;
    const lines = [...created].map(([path, calls]) => [path, calls.flatMap(lineOf)]);
    writeFileSync(process.env.TRIBUTARY_SOURCES, JSON.stringify(Object.fromEntries(lines)));
  });
}

/** Loads a package of the project, as the app does. Undefined in other programs that the app command starts. */
function load(name) {
  try {
    return createRequire(join(project, "package.json"))(name);
  } catch {
    return undefined;
  }
}

/**
 * The call stack, innermost frame first. Does not use the text, because the app may have disabled stack traces for
 * speed.
 */
function frames() {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.prepareStackTrace = (_, calls) => calls;
  Error.stackTraceLimit = 100;
  const calls = new Error().stack;
  Error.stackTraceLimit = stackTraceLimit;
  Error.prepareStackTrace = prepareStackTrace;
  return calls
    .map((call) => ({ file: call.getFileName(), line: call.getLineNumber(), column: call.getColumnNumber() }))
    .filter(({ file }) => typeof file === "string" && file !== __filename && !file.startsWith("node:"));
}

/** The line in the source code of the project, resolved with the source map. Frames in packages are omitted. */
function lineOf({ file, line, column }) {
  const path = file.startsWith("file:") ? fileURLToPath(file) : file;
  const map = mapOf(path);
  if (map === undefined) return within(path, line);
  const { originalSource, originalLine } = map.findEntry(line - 1, column - 1);
  return originalSource === undefined ? [] : within(resolve(dirname(path), originalSource), originalLine + 1);
}

function within(path, line) {
  const name = relative(project, path).split(sep).join("/");
  return name.startsWith("../") || name.includes("node_modules/") ? [] : [`${name}:${line}`];
}

const maps = new Map();

function mapOf(path) {
  if (!maps.has(path)) {
    const [, data] =
      /\n\/\/# sourceMappingURL=data:application\/json;base64,(\S+)\s*$/.exec(readFileSync(path, "utf8")) ??
      [];
    maps.set(path, data && new SourceMap(JSON.parse(Buffer.from(data, "base64").toString())));
  }
  return maps.get(path);
}
