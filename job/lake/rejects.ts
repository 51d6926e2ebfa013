import { join } from "node:path";
import * as z from "zod/mini";
import { Failure } from "../failure";
import type { FileRecord, Reject } from "../records";
import type { Lake } from "./lake";

const shape: z.ZodMiniType<Reject> = z.object({
  line: z.number(),
  column: z.nullable(z.string()),
  reason: z.string(),
  raw: z.string(),
  rawBase64: z.optional(z.string()),
});

/**
 * The rejected rows of a period.
 *
 * @param file the file of its manifest; null if there are none
 * @throws Failure integrity when the file is missing
 */
export async function readRejects(lake: Lake, file: FileRecord | null): Promise<readonly Reject[]> {
  if (file === null) return [];
  const text = await lake.read(file.path);
  if (text === undefined)
    throw new Failure(
      "integrity",
      `${join(lake.name, file.path)} is missing, but the manifest of the period records it; ingest the period again with --force`,
    );
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => shape.parse(JSON.parse(line)));
}
