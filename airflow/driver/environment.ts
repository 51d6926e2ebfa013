import { randomBytes } from "node:crypto";
import { delimiter, dirname, join, resolve } from "node:path";
import type { Home } from "../../job/home";
import type { PythonPackages } from "../../programs/python";

/** Folder of the DAG file, relative to the folder of this project, in which all commands run. */
const dagsFolder = join("airflow", "dags");

/** Airflow in the version that the cloud runs, on the versions of Python that it supports; first that of the cloud. */
export const airflowPackages: PythonPackages = {
  title: "airflow 3.1.7",
  lock: join("airflow", "requirements.txt"),
  minors: [11, 12, 13],
  command: "npm run airflow",
};

/** Folder of Airflow's database and logs below a home. */
export function airflowFolder(home: Home): string {
  return resolve(home.folder, "airflow");
}

/** The catalog that the DAG file reads. */
export function catalogFile(home: Home): string {
  return join(airflowFolder(home), "catalog.json");
}

/**
 * The environment of Airflow: its configuration, and nothing of the user's own.
 *
 * @param python the interpreter of Airflow, next to which its other programs are
 */
export function airflowVariables(home: Home, python: string): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(([name]) => !/^(AIRFLOW|PYTHON)/.test(name));
  return {
    ...Object.fromEntries(entries),
    AIRFLOW_HOME: airflowFolder(home),
    TRIBUTARY_CATALOG: catalogFile(home),
    AIRFLOW__CORE__DAGS_FOLDER: resolve(dagsFolder),
    AIRFLOW__CORE__LOAD_EXAMPLES: "False",
    AIRFLOW__CORE__PARALLELISM: "4",
    AIRFLOW__USAGE_DATA_COLLECTION__ENABLED: "False",
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONUTF8: "1",
    // Warnings of libraries about Airflow itself.
    PYTHONWARNINGS: "ignore",
    // Airflow starts its own processes by name.
    PATH: [dirname(python), process.env["PATH"] ?? ""].join(delimiter),
  };
}

/** The settings of a server on this machine, which only this machine reaches: there is no login. */
export function serverVariables(ports: ServerPorts): NodeJS.ProcessEnv {
  const address = serverAddress(ports);
  return {
    AIRFLOW__API__HOST: "127.0.0.1",
    AIRFLOW__API__PORT: String(ports.api),
    AIRFLOW__API__BASE_URL: address,
    AIRFLOW__API__SECRET_KEY: randomBytes(32).toString("hex"),
    AIRFLOW__API_AUTH__JWT_SECRET: randomBytes(32).toString("hex"),
    AIRFLOW__CORE__EXECUTION_API_SERVER_URL: `${address}/execution/`,
    AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS: "True",
    AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL: "30",
    AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT: String(ports.workerLogs),
    AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT: String(ports.triggerLogs),
  };
}

/** Ports of the processes of Airflow. */
export interface ServerPorts {
  readonly api: number;
  readonly workerLogs: number;
  readonly triggerLogs: number;
}

export function serverAddress({ api }: Pick<ServerPorts, "api">): string {
  return `http://127.0.0.1:${api}`;
}
