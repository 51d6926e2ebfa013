import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ProgramMissing } from "./program";

/** Location of a tool, or why it is missing and what to do. `title`: its name and version. */
export type Installed<Place> =
  | { readonly kind: "there"; readonly title: string; readonly place: Place }
  | { readonly kind: "missing"; readonly title: string; readonly reason: string };

/** A tool that is installed into its own folder. */
export interface Installation<Place> {
  /** `fake-gcs-server 1.56.1` */
  readonly title: string;
  readonly folder: string;
  readonly place: Place;
  /** Download page of the program that installs it. */
  readonly installer: string;
  /** The command that installs it. @default - npm run emulators */
  readonly command?: string;
}

/** Looks for the tool without installing it. */
export function lookFor<Place>({ title, folder, place, command }: Installation<Place>): Installed<Place> {
  return existsSync(mark(folder))
    ? { kind: "there", title, place }
    : { kind: "missing", title, reason: `${title} is not installed; run ${command ?? "npm run emulators"}` };
}

/**
 * Installs the tool if it is not installed. Removes an incomplete installation first.
 *
 * @param install installs into the folder, which exists and is empty; returns why that is not possible, or undefined
 */
export async function installOnce<Place>(
  installation: Installation<Place>,
  install: () => Promise<string | undefined>,
): Promise<Installed<Place>> {
  const { title, folder, place, installer } = installation;
  if (lookFor(installation).kind === "there") return { kind: "there", title, place };

  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const reason = await install().catch((error: unknown) => {
    if (error instanceof ProgramMissing) return `${error.message}: ${installer}`;
    throw error;
  });
  if (reason !== undefined) return { kind: "missing", title, reason };
  writeFileSync(mark(folder), "");
  return { kind: "there", title, place };
}

function mark(folder: string): string {
  return join(folder, "complete");
}

/** The last line of a program's output, which contains the cause in the case of pip and go. */
export function cause({ stdout, stderr }: { stdout: string; stderr: string }): string {
  return `${stdout}\n${stderr}`.trim().split("\n").pop() ?? "";
}
