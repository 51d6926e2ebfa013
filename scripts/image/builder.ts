import { type Ended, ProgramMissing, runProgram } from "../../programs/program";

/** Image builders, in order of preference. */
export const builders = ["docker", "podman", "buildah"] as const;
export type Builder = (typeof builders)[number];

export interface ImageBuild {
  /** Name and tag of the image. */
  readonly tag: string;
  /** Folder with the Dockerfile. */
  readonly folder: string;
  /** Base image. @default - from the Dockerfile */
  readonly base?: string;
  /** Global options before the subcommand, such as buildah's `--root`. @default - none */
  readonly options?: readonly string[];
}

/** The first builder that works on this machine, or undefined. */
export async function findBuilder(): Promise<Builder | undefined> {
  for (const builder of builders) if (await works(builder)) return builder;
  return undefined;
}

/** Whether a builder works. The docker command also requires a daemon, which `info` checks. */
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

/** Builds an image, and returns the result of the command. */
export function buildImage(builder: Builder, build: ImageBuild): Promise<Ended> {
  const [command = builder, ...args] = buildCommand(builder, build);
  return runProgram(command, args);
}
