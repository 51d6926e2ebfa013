import { type Ended, ProgramMissing, runProgram } from "../program";

/** Programs that build an image from a Dockerfile, in the order in which they are looked for. */
export const builders = ["docker", "podman", "buildah"] as const;
export type Builder = (typeof builders)[number];

export interface ImageBuild {
  /** Name and tag of the image. */
  readonly tag: string;
  /** Folder with the Dockerfile. */
  readonly folder: string;
  /** Image that the Dockerfile starts from. @default - the Dockerfile's own */
  readonly base?: string;
  /** Options in front of the command, such as buildah's `--root`. @default - none */
  readonly options?: readonly string[];
}

/** The first builder that works on this machine, or undefined. */
export async function findBuilder(): Promise<Builder | undefined> {
  for (const builder of builders) if (await works(builder)) return builder;
  return undefined;
}

/** The docker command alone is not enough: it needs a daemon, which `info` asks. */
async function works(builder: Builder): Promise<boolean> {
  const args = builder === "buildah" ? ["--version"] : ["info"];
  try {
    return (await runProgram(builder, args)).exitCode === 0;
  } catch (error) {
    if (error instanceof ProgramMissing) return false;
    throw error;
  }
}

/** The command line that builds an image. */
export function buildCommand(builder: Builder, { tag, folder, base, options = [] }: ImageBuild): string[] {
  const argument = base === undefined ? [] : ["--build-arg", `BASE=${base}`];
  const build = [...argument, "--platform", "linux/amd64", "--tag", tag, folder];
  switch (builder) {
    case "docker":
    case "podman":
      return [builder, ...options, "build", ...build];
    case "buildah":
      // Without user namespaces or a daemon, as in most CI.
      return [builder, ...options, "build", "--isolation", "chroot", ...build];
  }
}

/** Builds an image, and returns how that ended. */
export function buildImage(builder: Builder, build: ImageBuild): Promise<Ended> {
  const [command = builder, ...args] = buildCommand(builder, build);
  return runProgram(command, args);
}
