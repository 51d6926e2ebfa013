/**
 * `npm run image`: writes what the ingest image is built from to dist/image. `-- --tag <image>` builds it too, with
 * docker, podman or buildah.
 */
import { join } from "node:path";
import { Command, Option } from "commander";
import { type Builder, buildCommand, builders, buildImage, findBuilder, type ImageBuild } from "./builder";
import { billFile, writeContext } from "./context";

interface Options {
  readonly tag?: string;
  readonly base?: string;
  readonly with?: Builder;
}

const folder = join("dist", "image");

async function main({ tag, base, with: wanted }: Options): Promise<void> {
  const missing = await writeContext(folder);
  if (missing !== undefined) throw new Error(missing);
  process.stdout.write(`${folder} is ready; its packages are listed in ${billFile(folder)}\n`);
  const build: ImageBuild = { tag: tag ?? "<image>", folder, ...(base !== undefined && { base }) };
  if (tag === undefined) {
    process.stdout.write(`Build it: ${buildCommand(wanted ?? "docker", build).join(" ")}\n`);
    return;
  }
  const builder = wanted ?? (await findBuilder());
  if (builder === undefined) {
    throw new Error(
      `none of ${builders.join(", ")} works on this machine; install one, or build ${folder} elsewhere`,
    );
  }
  process.stdout.write(`${buildCommand(builder, build).join(" ")}\n`);
  const { exitCode, stderr, stdout } = await buildImage(builder, build);
  if (exitCode !== 0) throw new Error(`${builder} failed with exit code ${exitCode}:\n${stdout}${stderr}`);
  process.stdout.write(`${tag} is built\n`);
}

new Command("image")
  .description("Writes the folder that the ingest image is built from, and builds the image.")
  .option("--tag <image>", "name of the image to build (default: only the folder is written)")
  .option(
    "--base <image>",
    "image with Node at /nodejs/bin/node, glibc and libstdc++ (default: the Dockerfile's)",
  )
  .addOption(
    new Option("--with <builder>", "program that builds it (default: the first that works)").choices(
      builders,
    ),
  )
  .action(async (options: Options) => {
    await main(options).catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
    });
  })
  .parse();
