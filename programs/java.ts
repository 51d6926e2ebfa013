import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";

/** A Java runtime. */
export interface Java {
  /** Value of JAVA_HOME. */
  readonly home: string;
  /** `17.0.15` */
  readonly version: string;
}

/** A Java runtime, or why there is none and what to do. */
export type FoundJava =
  { readonly kind: "there"; readonly java: Java } | { readonly kind: "missing"; readonly reason: string };

/** Where to look for Java. */
export interface JavaPlaces {
  /** Variables JAVA_HOME and PATH. @default - those of this process */
  readonly env?: NodeJS.ProcessEnv;
  /** Folders that contain a folder per runtime. @default - those of Debian, Fedora, macOS, Homebrew and SDKMAN */
  readonly folders?: readonly string[];
}

/**
 * Looks for a Java runtime of one of these major versions: in JAVA_HOME, on the PATH, then in the folders where systems
 * install runtimes, so that a newer Java as the default is not in the way. No runtime is started.
 *
 * @param title what requires Java, for the message: `Spark 3.5.7`
 * @param majors the preferred version first
 */
export function findJava(
  title: string,
  majors: readonly number[],
  { env = process.env, folders = installationFolders() }: JavaPlaces = {},
): FoundJava {
  const onPath = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const homes = [
    ...[env["JAVA_HOME"] ?? ""].filter((home) => home !== ""),
    ...onPath.flatMap((folder) => homeOf(join(folder, "java")) ?? []),
    ...folders.flatMap(runtimesIn),
  ];
  const found = homes.flatMap((home) => javaIn(home) ?? []);
  for (const major of majors) {
    const java = found.find(({ version }) => majorOf(version) === major);
    if (java !== undefined) return { kind: "there", java };
  }
  return {
    kind: "missing",
    reason: `${title} requires Java ${majors.join(" or ")}: ${seen(found)}; ${fix(majors)}`,
  };
}

/** JAVA_HOME of a command `java`, which is often a link. */
function homeOf(command: string): string | undefined {
  return existsSync(command) ? dirname(dirname(realpathSync(command))) : undefined;
}

function runtimesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));
  // The layouts of Linux, of macOS and of Homebrew.
  return names.flatMap((name) => [
    name,
    join(name, "Contents", "Home"),
    join(name, "libexec", "openjdk.jdk", "Contents", "Home"),
  ]);
}

/** The runtime in a folder, from the file `release` that all of them have. */
function javaIn(home: string): Java | undefined {
  const release = join(home, "release");
  if (!existsSync(join(home, "bin", "java")) || !existsSync(release)) return undefined;
  const version = /^JAVA_VERSION="([^"]+)"/m.exec(readFileSync(release, "utf8"))?.[1];
  return version === undefined ? undefined : { home, version };
}

/** Java 8 calls itself 1.8. */
function majorOf(version: string): number {
  return Number(/^(?:1\.)?(\d+)/.exec(version)?.[1]);
}

function seen(found: readonly Java[]): string {
  const versions = [...new Set(found.map(({ version }) => version))];
  return versions.length === 0 ? "no Java was found" : `found ${versions.join(", ")}`;
}

function fix([major = 17]: readonly number[]): string {
  return process.platform === "darwin"
    ? `run brew install openjdk@${major}`
    : `run apt-get install openjdk-${major}-jre-headless, or set JAVA_HOME`;
}

function installationFolders(): readonly string[] {
  return [
    ...["/usr/lib/jvm", "/Library/Java/JavaVirtualMachines", "/opt/homebrew/opt", "/usr/local/opt"],
    join(homedir(), ".sdkman", "candidates", "java"),
  ];
}
