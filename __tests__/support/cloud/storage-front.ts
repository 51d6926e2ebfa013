import { type Front, startFront } from "./front";

/**
 * A front of the Cloud Storage emulator to inject faults. The emulator's responses are not changed.
 *
 * @param emulator `http://127.0.0.1:<port>`
 */
export function startStorageFront(emulator: string): Promise<Front> {
  return startFront(emulator);
}
