import { readdirSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { cache } from "../../programs/cache";
import { findJava, type FoundJava, type Java } from "../../programs/java";
import {
  findPython,
  installPython,
  type PythonEnvironment,
  type PythonPackages,
} from "../../programs/python";

/**
 * Spark, in a version of the minor that the runtime in the cloud has. `pyspark` is the whole engine; PyPI has it only as
 * sources.
 */
export const sparkPackages: PythonPackages = {
  title: "Spark 3.5.7",
  lock: join("spark", "requirements", "laptop.txt"),
  buildLock: join("spark", "requirements", "build.txt"),
  // That of the runtime in the cloud first.
  minors: [11, 12, 13, 10],
  command: "npm run spark -- revenue",
};

/** Versions of Java that Spark 3.5 runs on, that of the runtime in the cloud. */
const javaMajors = [17];

/** What runs a PySpark program. */
export interface Spark {
  /** The interpreter of Python: `<python> program.py` runs the program in a Spark of its own. */
  readonly python: string;
  /** The environment of the program, and of `spark-submit`. */
  readonly env: NodeJS.ProcessEnv;
}

/** Spark, or why it is missing and what to do. */
export type FoundSpark =
  { readonly kind: "there"; readonly spark: Spark } | { readonly kind: "missing"; readonly reason: string };

/** Looks for Java and Spark without installing anything. */
export function findSpark(): FoundSpark {
  return together(findJavaForSpark(), () => findPython(cache, sparkPackages));
}

/**
 * Installs Spark into the cache of the project, if it is not installed. Looks for Java first, so that nothing is
 * downloaded in vain.
 *
 * @param progress called with the number of packages that pip has started to download, and of all packages
 */
export async function installSpark(progress?: (done: number, total: number) => void): Promise<FoundSpark> {
  const java = findJavaForSpark();
  if (java.kind === "missing") return java;
  const installed = await installPython(cache, sparkPackages, progress);
  return together(java, () => installed);
}

function findJavaForSpark(): FoundJava {
  return findJava(sparkPackages.title, javaMajors);
}

function together(java: FoundJava, find: () => ReturnType<typeof findPython>): FoundSpark {
  if (java.kind === "missing") return java;
  const found = find();
  if (found.kind === "missing") return { kind: "missing", reason: found.reason };
  return {
    kind: "there",
    spark: { python: found.place.python, env: sparkEnvironment(found.place, java.java) },
  };
}

/**
 * The variables that make Python, `spark-submit` and Spark's workers use this Python, this Spark and this Java, whatever
 * else is installed.
 */
function sparkEnvironment({ python }: PythonEnvironment, java: Java): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(SPARK|PYSPARK|PYTHON)/.test(name));
  const bin = dirname(python);
  const path = [bin, join(java.home, "bin"), process.env["PATH"] ?? ""].join(delimiter);
  return {
    ...Object.fromEntries(inherited),
    PATH: path,
    JAVA_HOME: java.home,
    SPARK_HOME: sparkHome(python),
    PYSPARK_PYTHON: python,
    PYSPARK_DRIVER_PYTHON: python,
    PYTHONUTF8: "1",
    // Spark would look up the name of the host, which on a laptop changes with the network.
    SPARK_LOCAL_IP: "127.0.0.1",
  };
}

/** Folder of the package `pyspark`, which has Spark's programs and jars. */
function sparkHome(python: string): string {
  const lib = join(dirname(dirname(python)), "lib");
  const folder = readdirSync(lib).find((name) => /^python3\.\d+$/.test(name)) ?? "python3";
  return join(lib, folder, "site-packages", "pyspark");
}
