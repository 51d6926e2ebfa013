/**
 * Loaded into a synthesis by `node --require`: notes which lines of the project create each construct, and writes
 * them to the file that TRIBUTARY_SOURCES names, by path of the construct, innermost line first:
 * {"prod-warehouse/taxi_zones": ["constructs/native-table.ts:49", "stacks/warehouse.ts:31"]}
 *
 * cdktf calls `addMetadata("stacktrace", ...)` for every element but keeps no trace.
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

/** Of the project, as its app will load it. Other programs that run on the way there have none. */
function load(name) {
  try {
    return createRequire(join(project, "package.json"))(name);
  } catch {
    return undefined;
  }
}

/** Where the program is, innermost first. Not as text: the app may have made stack traces empty, for speed. */
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

/** The line in the project's own source, through the source map where there is one. Packages have no say. */
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
