import { join } from "node:path";
import { runProgram } from "../../scripts/program";
import { cause, type Installation, type Installed, installOnce, lookFor } from "../installed";

/** The emulator of Cloud Storage: one program. */
export interface FakeGcsServer {
  readonly program: string;
}

/** Looks whether it is installed. */
export function findFakeGcsServer(cache: string): Installed<FakeGcsServer> {
  return lookFor(installation(cache));
}

/**
 * Builds it by Go from the module proxy into the cache, once.
 *
 * @param go the program that builds it
 */
export function installFakeGcsServer(cache: string, go = "go"): Promise<Installed<FakeGcsServer>> {
  const { folder } = installation(cache);
  return installOnce(installation(cache), async () => {
    const built = await runProgram(go, ["install", `github.com/fsouza/fake-gcs-server@v${version}`], {
      cwd: folder,
      env: { ...process.env, GOBIN: folder },
    });
    return built.exitCode === 0 ? undefined : `Go cannot build it: ${cause(built)}`;
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
