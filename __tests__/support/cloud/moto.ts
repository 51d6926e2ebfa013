import { cache } from "../../../programs/cache";
import { findMoto } from "../../../checks/emulators/moto";
import { startBackground, type Background } from "./background";

/** Why there is no S3 to test against, or undefined. */
export function missingMoto(): string | undefined {
  const moto = findMoto(cache);
  return moto.kind === "missing" ? moto.reason : undefined;
}

/** Starts an S3 on this machine, empty; `said` is its `http://127.0.0.1:<port>`. */
export function startMoto(): Promise<Background> {
  const moto = findMoto(cache);
  if (moto.kind === "missing") throw new Error(moto.reason);
  return startBackground(moto.place.program, ["-H", "127.0.0.1", "-p", "0"], {
    env: { PYTHONUNBUFFERED: "1", NO_COLOR: "1" },
    ready: /Running on (http:\/\/[\d.:]+)/,
  });
}
