import { join } from "node:path";
import { ProgramMissing, runProgram } from "../../programs/program";
import { type Installation, type Installed, installOnce, lookFor } from "../../programs/installed";
import { createEnvironment, pythonDownloads } from "../../programs/virtual-environment";

/** The emulator of S3, in its own virtual environment. */
export interface Moto {
  readonly program: string;
}

/** Checks whether it is installed. */
export function findMoto(cache: string): Installed<Moto> {
  return lookFor(installation(cache));
}

/**
 * Installs it from PyPI into a virtual environment in the cache, if it is not installed.
 *
 * @param interpreters Python commands to try, in order
 */
export function installMoto(cache: string, interpreters = ["python3", "python"]): Promise<Installed<Moto>> {
  const { folder } = installation(cache);
  return installOnce(installation(cache), async () => {
    const interpreter = await firstOf(interpreters);
    if (interpreter === undefined)
      return `Python 3.10 or later is required, and none of ${interpreters.join(", ")} is that version: ${pythonDownloads}`;
    return createEnvironment(join(folder, "python"), interpreter, ["--quiet", "--no-deps", ...requirements]);
  });
}

const version = "5.2.5";

/** Dependencies of the S3 emulator, in versions that were tested together. The other services require many more. */
const requirements: readonly string[] = [
  `moto==${version}`,
  "blinker==1.9.0",
  "boto3==1.44.8",
  "botocore==1.44.8",
  "certifi==2026.10.19.post1",
  "cffi==2.1.1",
  "charset-normalizer==3.5.3",
  "click==8.5.1",
  "cryptography==50.0.2",
  "Flask==3.1.3",
  "flask-cors==6.0.5",
  "idna==3.20",
  "itsdangerous==2.2.0",
  "Jinja2==3.1.6",
  "jmespath==1.1.0",
  "MarkupSafe==3.0.4",
  "py-partiql-parser==0.6.3",
  "pycparser==3.12",
  "python-dateutil==2.9.0.post0",
  "PyYAML==6.0.4",
  "requests==2.34.2",
  "responses==0.26.3",
  "s3transfer==0.19.3",
  "six==1.17.0",
  "urllib3==2.8.0",
  "Werkzeug==3.1.9",
  "xmltodict==1.0.4",
];

async function firstOf(interpreters: readonly string[]): Promise<string | undefined> {
  for (const interpreter of interpreters) {
    const ask = "import sys; print(sys.version_info >= (3, 10))";
    try {
      if ((await runProgram(interpreter, ["-c", ask])).stdout.trim() === "True") return interpreter;
    } catch (error) {
      if (!(error instanceof ProgramMissing)) throw error;
    }
  }
  return undefined;
}

function installation(cache: string): Installation<Moto> {
  const folder = join(cache, `moto-${version}`);
  return {
    title: `moto ${version}`,
    folder,
    place: { program: join(folder, "python", "bin", "moto_server") },
    installer: pythonDownloads,
  };
}
