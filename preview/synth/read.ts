import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { PreviewInputError } from "../input-error";
import { arrayOf, isObject, type Json, type JsonObject, objectOf, textOf } from "../json";
import { parseJson } from "../plan/parse-json";
import type { SynthesizedApp, SynthesizedStack } from "./app";
import { stackOf } from "./stack";

/**
 * Reads the output folder of `cdktf synth`.
 *
 * @throws PreviewInputError if the folder is missing, or contains no synthesized stack
 */
export function readApp(folder: string): SynthesizedApp {
  if (!existsSync(folder)) throw new PreviewInputError("does not exist");
  const manifest = join(folder, "manifest.json");
  const stacks = existsSync(manifest) ? ofManifest(folder, readJson(manifest)) : ofFolder(folder);
  if (stacks.length === 0)
    throw new PreviewInputError("contains no synthesized stack (stacks/<name>/cdk.tf.json)");
  return { stacks };
}

/** Whether a folder contains synthesized stacks, with or without a manifest. */
export function isSynthesized(folder: string): boolean {
  return [folder, join(folder, "stacks")].some(
    (parent) =>
      existsSync(parent) &&
      statSync(parent).isDirectory() &&
      readdirSync(parent).some((name) => existsSync(join(parent, name, "cdk.tf.json"))),
  );
}

function ofManifest(folder: string, manifest: JsonObject): SynthesizedStack[] {
  const entries = Object.values(objectOf(manifest["stacks"])).filter(isObject);
  const stacks = entries.flatMap((entry) => {
    const name = textOf(entry["name"]);
    const path = textOf(entry["synthesizedStackPath"]);
    if (name === undefined || path === undefined || !existsSync(join(folder, path))) return [];
    const dependencies = arrayOf(entry["dependencies"]).flatMap((one) => textOf(one) ?? []);
    return [stackOf(name, dependencies, readJson(join(folder, path)))];
  });
  return inOrder(stacks);
}

/** Without a manifest, stacks are ordered by name. */
function ofFolder(folder: string): SynthesizedStack[] {
  const stacks = existsSync(join(folder, "stacks")) ? join(folder, "stacks") : folder;
  return readdirSync(stacks)
    .sort()
    .flatMap((entry) => {
      const file = [join(stacks, entry, "cdk.tf.json"), join(stacks, entry)].find(
        (path) => path.endsWith(".json") && existsSync(path),
      );
      if (file === undefined) return [];
      const document = readJson(file);
      return "resource" in document || "terraform" in document
        ? [stackOf(basename(entry).replace(/(?:\.tf)?\.json$/, ""), [], document)]
        : [];
    });
}

/** Orders stacks after their dependencies. */
function inOrder(stacks: readonly SynthesizedStack[]): SynthesizedStack[] {
  const ordered = new Set<SynthesizedStack>();
  const visit = (stack: SynthesizedStack, path: readonly SynthesizedStack[]): void => {
    for (const dependency of stack.dependencies) {
      const found = stacks.find(({ name }) => name === dependency);
      if (found !== undefined && !path.includes(found)) visit(found, [...path, stack]);
    }
    ordered.add(stack);
  };
  for (const stack of stacks) visit(stack, []);
  return [...ordered];
}

function readJson(file: string): JsonObject {
  let value: Json;
  try {
    value = parseJson(readFileSync(file, "utf8"));
  } catch (error) {
    throw new PreviewInputError(
      `contains ${basename(file)}, which is not valid JSON (${error instanceof Error ? error.message : String(error)})`,
    );
  }
  return objectOf(value);
}
