import { runProgram } from "../programs/program";

export const npmOptions = "--prefer-offline --ignore-scripts --no-package-lock --no-audit --no-fund".split(
  " ",
);

/**
 * Runs `npm install` in a folder that has its own package.json, without install scripts.
 *
 * @param args packages and additional options. @default - the dependencies in its package.json
 * @returns why the packages are not available from the registry, or undefined when they are installed
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
  if (!registryError.test(stderr)) throw new Error(`npm install failed in ${folder}:\n${stderr}`);
  return cause(stderr);
}

/** npm's error codes for a registry that cannot be reached or does not have the package. */
const registryError =
  /^npm error code (E404|ETARGET|ENOTFOUND|EAI_AGAIN|ECONN\w+|ETIMEDOUT|ERR_SOCKET_TIMEOUT)$/m;

/** The first line with a message. */
function cause(stderr: string): string {
  const errors = stderr.split("\n").flatMap((line) => /^npm error (.+)/.exec(line)?.[1] ?? []);
  return errors.find((line) => !/^(code|syscall|errno) /.test(line)) ?? stderr.trim();
}
