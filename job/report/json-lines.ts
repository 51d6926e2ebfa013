import pino from "pino";
import type { Reporter } from "./reporter";

const severities: Readonly<Record<string, string>> = { info: "INFO", warn: "WARNING", error: "ERROR" };

/**
 * One JSON line a step on standard output, in the form that Cloud Logging reads: severity, message, time.
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
    // Written before the call returns: a killed job's last line is the one that matters.
    pino.destination({ fd: 1, sync: true }),
  );
  return {
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
