import { join } from "node:path";
import { cause, type Installation, type Installed, installOnce, lookFor } from "../installed";
import { runProgram } from "../../scripts/program";

/** The checker of GitHub's workflows: one program. */
export interface Actionlint {
  readonly program: string;
}

/** Looks whether it is installed. */
export function findActionlint(cache: string): Installed<Actionlint> {
  return lookFor(installation(cache));
}

/**
 * Builds it by Go from the module proxy into the cache, once.
 *
 * @param go the program that builds it
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
    return built.exitCode === 0 ? undefined : `Go cannot build it: ${cause(built)}`;
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
