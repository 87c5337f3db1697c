/**
 * Where a training run's folder keeps what it made.
 *
 * @module
 */
import { join } from "node:path";

/** The file with the weights after `epoch` of the run in `folder`. */
export function epochFile(folder: string, epoch: number): string {
  return join(folder, "epochs", `epoch-${String(epoch).padStart(2, "0")}.safetensors`);
}
