/**
 * Checkpoints: everything that a training run needs to go on exactly where it was, in one safetensors file.
 *
 * @module
 */
import { DataFileError } from "../data/files.ts";
import {
  readSafetensors,
  type Safetensors,
  type StoredTensor,
  storedTensor,
  writeSafetensors,
} from "../data/safetensors.ts";
import { tf } from "../tensorflow/mod.ts";
import type { Parameters } from "./optimizers.ts";

/** Thrown where training has left the finite numbers. */
export class DivergedError extends Error {
  override name = "DivergedError";
}

/** Named groups of arrays that training changes: `parameters`, `statistics`, `optimizer`. */
export type TrainingArrays = Record<string, Parameters>;

/**
 * Writes `arrays`, the `order` of this epoch's images and any JSON `progress` to `path`, atomically.
 *
 * @throws {DivergedError} where an array is not finite; the file then stays as it was.
 * @throws {DataFileError} where the file cannot be written.
 */
export async function saveCheckpoint<Progress>(
  path: string,
  { arrays, order, progress }: { arrays: TrainingArrays; order: Int32Array; progress: Progress },
): Promise<void> {
  const tensors: [string, StoredTensor][] = [["order", { shape: [order.length], values: order }]];
  for (const [group, members] of Object.entries(arrays)) {
    for (const [name, array] of members) {
      const values = await array.data<"float32">();
      if (!values.every(Number.isFinite)) {
        throw new DivergedError(
          `${group}/${name} is no longer finite, so that nothing is saved: the last good checkpoint, if any, is ` +
            `${path}. Train again with a smaller learning rate`,
        );
      }
      tensors.push([`${group}/${name}`, { shape: array.shape, values }]);
    }
  }
  await writeSafetensors(path, tensors, { metadata: { progress: JSON.stringify(progress) } });
}

/**
 * Sets `arrays` to what `saveCheckpoint` wrote to `path`, and returns the rest.
 *
 * @throws {DataFileError} where the file is damaged, or of a network or optimiser of another shape.
 */
export async function loadCheckpoint<Progress>(
  path: string,
  arrays: TrainingArrays,
): Promise<{ order: Int32Array; progress: Progress }> {
  const file = await readSafetensors(path), progress = progressOf<Progress>(file, path);
  const order = storedTensor(file, "order").values as Int32Array;
  for (const [group, members] of Object.entries(arrays)) {
    for (const [name, array] of members) {
      const { values } = storedTensor(file, `${group}/${name}`, { shape: array.shape });
      tf.tidy(() => array.assign(tf.tensor(values as Float32Array, array.shape)));
    }
  }
  return { order, progress };
}

/**
 * The progress that `saveCheckpoint` wrote to `path`.
 *
 * @throws {DataFileError} where the file is damaged or no checkpoint.
 */
export async function readProgress<Progress>(path: string): Promise<Progress> {
  return progressOf(await readSafetensors(path), path);
}

function progressOf<Progress>({ metadata, tensors }: Safetensors, path: string): Progress {
  if (!(tensors.get("order")?.values instanceof Int32Array) || metadata.progress === undefined) {
    throw new DataFileError(`${path} is no checkpoint of a training run`);
  }
  return JSON.parse(metadata.progress);
}
