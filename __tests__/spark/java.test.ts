import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findJava } from "../../programs/java";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "tributary-java-"))));
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A runtime as far as the search looks at it. */
function runtime(name: string, version: string): string {
  const home = join(folder, name);
  mkdirSync(join(home, "bin"), { recursive: true });
  writeFileSync(join(home, "bin", "java"), "");
  writeFileSync(join(home, "release"), `IMPLEMENTOR="Someone"\nJAVA_VERSION="${version}"\nOS_NAME="Linux"\n`);
  return home;
}

test("JAVA_HOME is taken before the PATH, and the PATH before other folders", () => {
  const [set, onPath, installed] = [
    runtime("set", "17.0.1"),
    runtime("path", "17.0.2"),
    runtime("jvm/17", "17.0.3"),
  ];
  const bin = join(folder, "bin");
  mkdirSync(bin);
  symlinkSync(join(onPath, "bin", "java"), join(bin, "java"));
  const folders = [join(folder, "jvm")];
  const found = (env: NodeJS.ProcessEnv) => findJava("Tool", [17], { env, folders });
  expect(found({ JAVA_HOME: set, PATH: bin })).toEqual({
    kind: "there",
    java: { home: set, version: "17.0.1" },
  });
  expect(found({ PATH: bin })).toMatchObject({ java: { home: onPath } });
  expect(found({ JAVA_HOME: "", PATH: `:${join(folder, "none")}` })).toMatchObject({
    java: { home: installed },
  });
});

test("a Java that is too new or too old is passed over", () => {
  const env = { JAVA_HOME: runtime("new", "25.0.1"), PATH: "" };
  const right = runtime("jvm/java-17-openjdk", "17.0.15");
  runtime("jvm/java-8", "1.8.0_402");
  const folders = [join(folder, "jvm"), join(folder, "none")];
  expect(findJava("Tool", [17], { env, folders })).toMatchObject({ java: { home: right } });
  expect(findJava("Tool", [8], { env, folders })).toMatchObject({ java: { version: "1.8.0_402" } });
});

test("the runtimes of macOS are found", () => {
  const home = runtime("machines/temurin-17.jdk/Contents/Home", "17.0.9");
  expect(findJava("Tool", [17], { env: {}, folders: [join(folder, "machines")] })).toMatchObject({
    java: { home },
  });
});

test("without a suitable Java: what was found, and what to do", () => {
  const env = { JAVA_HOME: runtime("new", "25"), PATH: "" };
  const reason = (result: ReturnType<typeof findJava>) => (result.kind === "missing" ? result.reason : "");
  const fix =
    process.platform === "darwin" ? "brew install openjdk@17" : "apt-get install openjdk-17-jre-headless";
  expect(reason(findJava("Spark 3.5.7", [17], { env, folders: [] }))).toMatch(
    new RegExp(`^Spark 3\\.5\\.7 requires Java 17: found 25; run ${fix}`),
  );
  expect(reason(findJava("Spark 3.5.7", [17], { env: {}, folders: [] }))).toContain("no Java was found");
});
