/**
 * Checkpoints: everything that a training run needs to go on exactly where it was, in one safetensors file.
 *
 * Its metadata hold the run's `progress` as JSON, and a `checksum`: the SHA-256 of that text and of the arrays' bytes, in the
 * order of their names.
 *
 * @module
 */
import { createHash } from "node:crypto";
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
  /** The kind of the error. */
  override name = "DivergedError";
}

/** Named groups of arrays that training changes: `parameters`, `statistics`, `optimizer`. */
export type TrainingArrays = Record<string, Parameters>;

/** A checkpoint that was read and is whole. */
export interface Checkpoint {
  /** The path of the file. */
  readonly path: string;
  /** What was given to `saveCheckpoint`. */
  readonly progress: unknown;
  /** The order of the epoch's images. */
  readonly order: Int32Array;
  /** What the file holds. */
  readonly file: Safetensors;
}

/**
 * Writes `arrays`, the `order` of this epoch's images and any JSON `progress` to `path`, atomically.
 *
 * @throws {DivergedError} where an array is not finite; the file then stays as it was.
 * @throws {DataFileError} where the file cannot be written.
 */
export async function saveCheckpoint(
  path: string,
  { arrays, order, progress }: { arrays: TrainingArrays; order: Int32Array; progress: unknown },
): Promise<void> {
  const tensors = new Map<string, StoredTensor>([
    ["order", { shape: [order.length], values: order }],
  ]);
  for (const [group, members] of Object.entries(arrays)) {
    for (const [name, array] of members) {
      const values = await array.data<"float32">();
      if (!values.every(Number.isFinite)) {
        throw new DivergedError(
          `${group}/${name} is no longer finite, so that nothing is saved: the last good checkpoint, if any, is ` +
            `${path}. Train again with a smaller learning rate`,
        );
      }
      tensors.set(`${group}/${name}`, { shape: array.shape, values });
    }
  }
  const text = JSON.stringify(progress);
  await writeSafetensors(path, tensors, {
    metadata: { progress: text, checksum: checksumOf(tensors, text) },
  });
}

/**
 * Reads what `saveCheckpoint` wrote to `path`.
 *
 * @throws {DataFileError} where the file is damaged or no checkpoint.
 */
export async function readCheckpoint(path: string): Promise<Checkpoint> {
  const file = await readSafetensors(path), order = file.tensors.get("order")?.values;
  const { progress, checksum } = file.metadata;
  if (!(order instanceof Int32Array) || progress === undefined || checksum === undefined) {
    throw new DataFileError(`${path} is no checkpoint of a training run`);
  }
  if (checksumOf(file.tensors, progress) !== checksum) {
    throw new DataFileError(
      `The checkpoint ${path} is damaged: its contents do not have the checksum that was written with them. ` +
        "Resume from a copy of it, or begin a new run in another folder",
    );
  }
  return { path, progress: JSON.parse(progress), order, file };
}

/**
 * Sets `arrays` to those of a checkpoint.
 *
 * @throws {DataFileError} where they are of a network or optimiser of another shape.
 */
export function restoreArrays({ file, path }: Checkpoint, arrays: TrainingArrays): void {
  for (const [group, members] of Object.entries(arrays)) {
    for (const [name, array] of members) {
      const { values } = storedTensor(file, `${group}/${name}`, { shape: array.shape });
      if (!(values instanceof Float32Array)) {
        throw new DataFileError(`${group}/${name} of the checkpoint ${path} is not in float32`);
      }
      tf.tidy(() => array.assign(tf.tensor(values, array.shape)));
    }
  }
}

function checksumOf(tensors: ReadonlyMap<string, StoredTensor>, progress: string): string {
  const hash = createHash("sha256").update(progress);
  for (const name of [...tensors.keys()].sort()) {
    const { buffer, byteOffset, byteLength } = tensors.get(name)!.values;
    hash.update(name).update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest("hex");
}
