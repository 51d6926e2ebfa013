/**
 * `npm run image`: writes the build context of the ingest image to dist/image. `-- transform` writes that of the transform
 * image to dist/transform-image. `-- --tag <image>` also builds the image with docker, podman or buildah.
 */
import { join } from "node:path";
import { Argument, Command, Option } from "commander";
import { type Builder, buildCommand, builders, buildImage, findBuilder, type ImageBuild } from "./builder";
import { billFile, writeContext } from "./context";
import { writeTransformContext } from "./transform-context";

interface Options {
  readonly tag?: string;
  readonly base?: string;
  readonly with?: Builder;
}

const images = ["ingest", "transform"] as const;
type Image = (typeof images)[number];

/** Writes the build context of an image, and returns its folder. */
async function context(image: Image): Promise<string> {
  if (image === "transform") {
    const folder = join("dist", "transform-image");
    writeTransformContext(folder);
    process.stdout.write(`Wrote ${folder}; the packages and their hashes are in requirements.txt.\n`);
    return folder;
  }
  const folder = join("dist", "image");
  const missing = await writeContext(folder);
  if (missing !== undefined) throw new Error(missing);
  process.stdout.write(`Wrote ${folder} and its bill of materials, ${billFile(folder)}.\n`);
  return folder;
}

async function main(image: Image, { tag, base, with: requested }: Options): Promise<void> {
  const folder = await context(image);
  const build: ImageBuild = { tag: tag ?? "<image>", folder, ...(base !== undefined && { base }) };
  if (tag === undefined) {
    process.stdout.write(`To build the image: ${buildCommand(requested ?? "docker", build).join(" ")}\n`);
    return;
  }
  const builder = requested ?? (await findBuilder());
  if (builder === undefined) {
    throw new Error(
      `none of ${builders.join(", ")} works on this machine; install one, or build ${folder} on another machine`,
    );
  }
  process.stdout.write(`${buildCommand(builder, build).join(" ")}\n`);
  const { exitCode, stderr, stdout } = await buildImage(builder, build);
  if (exitCode !== 0) throw new Error(`${builder} failed with exit code ${exitCode}:\n${stdout}${stderr}`);
  process.stdout.write(`Built ${tag}.\n`);
}

new Command("image")
  .description("Writes the build context of an image, and builds the image.")
  .addArgument(new Argument("[image]", "the image").choices(images).default("ingest"))
  .option("--tag <image>", "name of the image to build (default: write only the build context)")
  .option(
    "--base <image>",
    "base image: with Node.js at /nodejs/bin/node, glibc and libstdc++, or with Python (default: from the Dockerfile)",
  )
  .addOption(
    new Option("--with <builder>", "image builder (default: the first one that works)").choices(builders),
  )
  .action(async (image: Image, options: Options) => {
    await main(image, options).catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
    });
  })
  .parse();
