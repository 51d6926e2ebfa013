import { runProgram } from "./program";

export const npmOptions = "--prefer-offline --ignore-scripts --no-package-lock --no-audit --no-fund".split(
  " ",
);

/**
 * Runs `npm install` in a folder that has a package.json of its own. No install script runs.
 *
 * @param args packages and further options. @default - what its package.json says
 * @returns why the packages are not to be had from the registry, or undefined when they are installed
 * @throws Error when npm fails for any other reason
 */
export async function npmInstall(folder: string, args: readonly string[] = []): Promise<string | undefined> {
  const { exitCode, stderr } = await runProgram("npm", ["install", ...npmOptions, ...args], { cwd: folder });
  if (exitCode === 0) return undefined;
  return unavailable(folder, stderr);
}

/**
 * Why a failed `npm install` did not get its packages from the registry.
 *
 * @throws Error when it failed for any other reason
 */
export function unavailable(folder: string, stderr: string): string {
  if (!notToBeHad.test(stderr)) throw new Error(`npm install fails in ${folder}:\n${stderr}`);
  return cause(stderr);
}

/** npm's codes for a registry that is not reached, or that lacks the package. */
const notToBeHad =
  /^npm error code (E404|ETARGET|ENOTFOUND|EAI_AGAIN|ECONN\w+|ETIMEDOUT|ERR_SOCKET_TIMEOUT)$/m;

/** The first line that is a sentence. */
function cause(stderr: string): string {
  const errors = stderr.split("\n").flatMap((line) => /^npm error (.+)/.exec(line)?.[1] ?? []);
  return errors.find((line) => !/^(code|syscall|errno) /.test(line)) ?? stderr.trim();
}
