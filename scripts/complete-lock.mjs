/**
 * Adds platform packages that npm omitted to package-lock.json.
 *
 * A registry mirror may not have the builds of a package for other systems. npm then omits those optional
 * dependencies from the lock file, and `npm ci` rejects the file on every system. This script adds every optional
 * dependency that the lock file refers to but does not contain, with its exact version; npm resolves it when needed.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const systems = [
  "aix",
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
];
const processors = [
  "arm",
  "arm64",
  "ia32",
  "loong64",
  "mips64el",
  "ppc64",
  "riscv64",
  "s390x",
  "wasm32",
  "x64",
];

/** The packages of the lock file with all missing optional dependencies, sorted by path. */
export function completed(packages) {
  const missing = Object.values(packages)
    .flatMap((entry) => Object.entries(entry.optionalDependencies ?? {}))
    .map(([name, range]) => [`node_modules/${name}`, name, exact(range)])
    .filter(([path]) => !(path in packages));
  const added = missing.map(([path, name, version]) => [
    path,
    { version, optional: true, ...platform(name) },
  ]);
  return Object.fromEntries(
    [...Object.entries(packages), ...added].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
  );
}

function exact(range) {
  return range.replace(/^[\^~]/, "");
}

/** The platform of a package, derived from its name: `@swc/core-linux-x64-musl`. */
function platform(name) {
  const words = name.replace("windows", "win32").replace("wasm32-wasi", "wasm32").split(/[-/]/);
  const os = words.filter((word) => systems.includes(word));
  const cpu = words.filter((word) => processors.includes(word));
  const libc = words.includes("musl") ? ["musl"] : words.includes("gnu") ? ["glibc"] : [];
  return {
    ...(os.length > 0 && { os }),
    ...(cpu.length > 0 && { cpu }),
    ...(libc.length > 0 && os.includes("linux") && { libc }),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = new URL("../package-lock.json", import.meta.url);
  const lock = JSON.parse(readFileSync(file, "utf8"));
  const packages = completed(lock.packages);
  const count = Object.keys(packages).length - Object.keys(lock.packages).length;
  writeFileSync(file, `${JSON.stringify({ ...lock, packages }, null, 2)}\n`);
  console.log(`package-lock.json: ${count} platform packages added`);
}
