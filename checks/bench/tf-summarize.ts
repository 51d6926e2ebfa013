import { join } from "node:path";
import { cache } from "../../programs/cache";
import { cause, type Installation, type Installed, installOnce } from "../../programs/installed";
import { runProgram } from "../../programs/program";

/** A renderer of plans to compare with. */
export interface TfSummarize {
  readonly program: string;
}

/** Builds tf-summarize with Go from the module proxy into the cache, once. */
export function installTfSummarize(): Promise<Installed<TfSummarize>> {
  const folder = join(cache, `tf-summarize-${version}`);
  const installation: Installation<TfSummarize> = {
    title: `tf-summarize ${version}`,
    folder,
    place: { program: join(folder, "tf-summarize") },
    installer: "https://go.dev/dl",
  };
  return installOnce(installation, async () => {
    const built = await runProgram("go", ["install", `github.com/dineshba/tf-summarize@v${version}`], {
      cwd: folder,
      env: { ...process.env, GOBIN: folder },
    });
    return built.exitCode === 0 ? undefined : `Go cannot build it: ${cause(built)}`;
  });
}

const version = "0.3.14";
