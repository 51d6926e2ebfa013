import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ProgramMissing } from "../scripts/program";

/** Where something is on this machine, or why it is not there and what to do. `title`: its name and version. */
export type Installed<Place> =
  | { readonly kind: "there"; readonly title: string; readonly place: Place }
  | { readonly kind: "missing"; readonly title: string; readonly reason: string };

/** What is installed in a folder of its own, by name and version. */
export interface Installation<Place> {
  /** `fake-gcs-server 1.56.1` */
  readonly title: string;
  readonly folder: string;
  readonly place: Place;
  /** Where the program that installs it is to be had. */
  readonly installer: string;
}

/** Looks, and installs nothing. */
export function lookFor<Place>({ title, folder, place }: Installation<Place>): Installed<Place> {
  return existsSync(mark(folder))
    ? { kind: "there", title, place }
    : { kind: "missing", title, reason: `${title} is not installed: npm run emulators` };
}

/**
 * Installs, once. What an earlier try left unfinished is removed first.
 *
 * @param install into the folder, which is there and empty; returns why it cannot be had, or undefined
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

/** The last line that a program wrote: where pip and go say what it comes down to. */
export function cause({ stdout, stderr }: { stdout: string; stderr: string }): string {
  return `${stdout}\n${stderr}`.trim().split("\n").pop() ?? "";
}
