import { type Front, startFront } from "./front";

/**
 * Stands before the emulator of Cloud Storage, to let requests go wrong: what the emulator answers is right as it is.
 *
 * @param emulator its `http://127.0.0.1:<port>`
 */
export function startStorageFront(emulator: string): Promise<Front> {
  return startFront(emulator);
}
