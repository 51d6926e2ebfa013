import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Home } from "../../job/home";
import { airflowVariables } from "./environment";
import { prepareAirflow } from "./prepare";

/** Runs a command of Airflow with the database of a home, and returns its exit code. */
export async function runAirflow(home: Home, args: readonly string[]): Promise<number> {
  const python = await prepareAirflow({ home });
  const env = { ...airflowVariables(home, python), AIRFLOW__LOGGING__LOGGING_LEVEL: "WARNING" };
  const child = spawn(python, ["-m", "airflow", ...args], { env, stdio: "inherit" });
  const [code] = (await once(child, "close")) as [number | null];
  return code ?? 1;
}
