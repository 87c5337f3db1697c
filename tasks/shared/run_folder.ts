/**
 * Where a training run's folder keeps what it made.
 *
 * @module
 */
import { join } from "node:path";
import { writing } from "../../lib/data/files.ts";

/** The file with the weights after `epoch` of the run in `folder`. */
export function epochFile(folder: string, epoch: number): string {
  return join(folder, "epochs", `epoch-${String(epoch).padStart(2, "0")}.safetensors`);
}

/**
 * Makes `folder` where there is none, and tries to write into it, before hours of work are to go there.
 *
 * @throws {DataFileError} where it cannot be written.
 */
export async function checkWritable(folder: string): Promise<void> {
  await writing(folder, async () => {
    await Deno.mkdir(folder, { recursive: true });
    await Deno.remove(await Deno.makeTempFile({ dir: folder }));
  });
}
