import { join } from "node:path";
import { runProgram } from "../../programs/program";
import { cause, type Installation, type Installed, installOnce, lookFor } from "../../programs/installed";

/** The emulator of Cloud Storage. */
export interface FakeGcsServer {
  readonly program: string;
}

/** Checks whether it is installed. */
export function findFakeGcsServer(cache: string): Installed<FakeGcsServer> {
  return lookFor(installation(cache));
}

/**
 * Builds it with Go in the cache, if it is not installed.
 *
 * @param go command of Go
 */
export function installFakeGcsServer(cache: string, go = "go"): Promise<Installed<FakeGcsServer>> {
  const { folder } = installation(cache);
  return installOnce(installation(cache), async () => {
    const built = await runProgram(go, ["install", `github.com/fsouza/fake-gcs-server@v${version}`], {
      cwd: folder,
      env: { ...process.env, GOBIN: folder },
    });
    return built.exitCode === 0 ? undefined : `the build with Go failed: ${cause(built)}`;
  });
}

const version = "1.56.1";

function installation(cache: string): Installation<FakeGcsServer> {
  const folder = join(cache, `fake-gcs-server-${version}`);
  return {
    title: `fake-gcs-server ${version}`,
    folder,
    place: { program: join(folder, "fake-gcs-server") },
    installer: "https://go.dev/dl",
  };
}
