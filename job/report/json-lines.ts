import pino from "pino";
import type { Reporter } from "./reporter";

const severities: Readonly<Record<string, string>> = { info: "INFO", warn: "WARNING", error: "ERROR" };

/**
 * Writes one JSON line per step to standard output, as structured logs for Cloud Logging: severity, message, time.
 * https://cloud.google.com/logging/docs/structured-logging
 */
export function jsonLines(): Reporter {
  const log = pino(
    {
      base: null,
      messageKey: "message",
      formatters: { level: (label) => ({ severity: severities[label] ?? "DEFAULT" }) },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
    },
    // Synchronous: the last line of a killed job matters most.
    pino.destination({ fd: 1, sync: true }),
  );
  return {
    started: ({ run, dataset, periods }) => {
      const [first = "", last = first] = [periods.at(0), periods.at(-1)];
      const range = first === last ? first : `${first} to ${last}`;
      log.info({ run, dataset }, `${dataset} ${range}: run ${run} started`);
    },
    progress: () => undefined,
    finished: ({ dataset, period, step, detail, ...numbers }) => {
      log.info({ dataset, period, step, ...numbers }, `${dataset} ${period} ${step}: ${detail}`);
    },
    warning: (message, details = {}) => {
      log.warn(details, message);
    },
    info: (message) => {
      log.info(message);
    },
    failed: (message, details) => {
      log.error(details, message);
    },
    close: () => undefined,
  };
}
