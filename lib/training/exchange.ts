/**
 * What workers that train together exchange: gradients at each step, and what all must agree on.
 *
 * @module
 */
import { ClusterError, type Collective, type Storage, storedAs, tf } from "../tensorflow/mod.ts";
import type { Parameters } from "./optimizers.ts";

/** How this process trains with others. */
export interface Workers {
  /** The channel between them. */
  readonly collective: Collective;
  /** How gradients travel: in bfloat16 they take half the time, and keep 3 digits. */
  readonly exchange: Storage;
  /** Whether batches are normalised over all workers together, or each over its own share. */
  readonly synchronised: boolean;
}

/** Entries of a buffer, at least: 4 MB in float32. */
const BUFFER = 2 ** 20;

/**
 * The means of `gradients` over the workers. They travel in few buffers, the last layers' first, as the backward pass gives
 * them in this order: a buffer is on its way while the next is computed.
 */
export function averaged(
  gradients: ReadonlyMap<string, tf.Tensor>,
  { collective, exchange }: Workers,
): Map<string, tf.Tensor> {
  const result = new Map<string, tf.Tensor>();
  for (
    const names of buffers([...gradients.keys()].reverse(), (name) => gradients.get(name)!.size)
  ) {
    const parts = names.map((name) => gradients.get(name)!);
    const packed = tf.concat1d(parts.map((part) => part.reshape<tf.Tensor1D>([part.size])));
    const mean = storedAs(collective.mean(storedAs(packed, exchange)), "float32");
    tf.split(mean, parts.map(({ size }) => size)).forEach((part, i) => {
      result.set(names[i], part.reshape(parts[i].shape));
    });
  }
  return result;
}

/** `names` in runs whose sizes reach a buffer's, but for the last. */
function buffers(names: string[], sizeOf: (name: string) => number): string[][] {
  const result: string[][] = [[]];
  let filled = 0;
  for (const name of names) {
    if (filled >= BUFFER) {
      result.push([]);
      filled = 0;
    }
    result.at(-1)!.push(name);
    filled += sizeOf(name);
  }
  return result;
}

/**
 * The part of a batch of `size` that this worker takes: from and to (exclusive).
 *
 * @throws {RangeError} where the batch cannot be shared out evenly, two images at least to each.
 */
export function shareOf(size: number, workers?: Workers): [from: number, to: number] {
  if (!workers) return [0, size];
  const { workers: { length: count }, index } = workers.collective, share = size / count;
  if (!Number.isInteger(share) || share < 2) {
    throw new RangeError(
      `A batch of ${size} images cannot be shared out evenly among ${count} workers, two at least to each: ` +
        "choose a batch size that is a multiple of their number",
    );
  }
  return [index * share, (index + 1) * share];
}

/** Sets `arrays` on every worker to their mean. */
export function average(arrays: Parameters, { collective }: Workers): void {
  tf.tidy(() => {
    for (const array of arrays.values()) array.assign(collective.mean(array.clone()));
  });
}

/** Sets `arrays` on every worker to those of the first. */
export function takeFromFirst(arrays: Parameters, { collective }: Workers): void {
  tf.tidy(() => {
    for (const array of arrays.values()) {
      array.assign(collective.sum(collective.index === 0 ? array.clone() : tf.zerosLike(array)));
    }
  });
}

/** The text of the first worker, on every worker. */
export function textOfFirst(text: string, { collective }: Workers): string {
  const bytes = new TextEncoder().encode(collective.index === 0 ? text : "");
  const numbers = (values: Float32Array) =>
    tf.tidy(() => collective.sum(tf.tensor1d(values)).dataSync<"float32">());
  const [length] = numbers(Float32Array.of(bytes.length));
  const sent = new Float32Array(length);
  sent.set(bytes);
  return new TextDecoder().decode(Uint8Array.from(numbers(sent)));
}

/**
 * Makes sure that every worker has the same of each of `facts`.
 *
 * @throws {ClusterError} which names the first fact that differs, and the worker that differs from the first.
 */
export async function agree(
  facts: Readonly<Record<string, Uint8Array<ArrayBuffer> | string>>,
  { collective: { workers, index, sum } }: Workers,
): Promise<void> {
  for (const [name, fact] of Object.entries(facts)) {
    const bytes = typeof fact === "string" ? new TextEncoder().encode(fact) : fact;
    const hash = new Uint16Array(await crypto.subtle.digest("SHA-256", bytes));
    const all = new Float32Array(workers.length * hash.length);
    all.set(hash, index * hash.length);
    const hashes = tf.tidy(() => sum(tf.tensor1d(all)).dataSync<"float32">());
    for (let worker = 1; worker < workers.length; worker++) {
      if (hash.some((_, k) => hashes[k] !== hashes[worker * hash.length + k])) {
        throw new ClusterError(
          `Worker ${worker} at ${workers[worker]} has other ${name} than worker 0 at ${
            workers[0]
          }: ` +
            "start all workers with the same",
        );
      }
    }
  }
}

/** Whether the first worker says so. */
export function firstSays(so: boolean, { collective: { index, sum } }: Workers): boolean {
  return tf.tidy(() => sum(tf.scalar(index === 0 && so ? 1 : 0)).dataSync()[0]) > 0;
}

/** The bytes of `arrays`, one after the other. */
export function bytesOf(arrays: Parameters): Uint8Array<ArrayBuffer> {
  const parts = [...arrays.values()].map((array) => array.dataSync<"float32">());
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return new Uint8Array(all.buffer);
}
