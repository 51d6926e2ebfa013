import { interruptedExitCode } from "../terraform/interruption";

/**
 * How the commands end. `done`: everything is as configured, or destroyed. `failed`: a stack failed, could not be
 * planned, or the changes were not approved. `interrupted`: stopped with Ctrl-C, SIGTERM or SIGHUP.
 */
export const exitCodes = { done: 0, failed: 1, interrupted: interruptedExitCode } as const;
