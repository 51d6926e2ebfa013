import { join } from "node:path";
import { cause, type Installation, type Installed, installOnce, lookFor } from "../../programs/installed";
import { runProgram } from "../../programs/program";

/** actionlint, which checks GitHub workflows. */
export interface Actionlint {
  readonly program: string;
}

/** Checks whether it is installed. */
export function findActionlint(cache: string): Installed<Actionlint> {
  return lookFor(installation(cache));
}

/**
 * Builds it with Go in the cache, if it is not installed.
 *
 * @param go command of Go
 */
export function installActionlint(cache: string, go = "go"): Promise<Installed<Actionlint>> {
  const { folder } = installation(cache);
  return installOnce(installation(cache), async () => {
    const built = await runProgram(
      go,
      ["install", `github.com/rhysd/actionlint/cmd/actionlint@v${version}`],
      {
        cwd: folder,
        env: { ...process.env, GOBIN: folder },
      },
    );
    return built.exitCode === 0 ? undefined : `the build with Go failed: ${cause(built)}`;
  });
}

const version = "1.7.12";

function installation(cache: string): Installation<Actionlint> {
  const folder = join(cache, `actionlint-${version}`);
  return {
    title: `actionlint ${version}`,
    folder,
    place: { program: join(folder, "actionlint") },
    installer: "https://go.dev/dl",
  };
}
