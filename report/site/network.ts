/**
 * The committed network in a browser: weights loaded once and kept in its cache.
 *
 * @module
 */
import { fillBatch } from "../../lib/data/batches.ts";
import { IMAGE_BYTES, SIDE } from "../../lib/data/images.ts";
import { parseSafetensors } from "../../lib/data/safetensors.ts";
import type { Matrix } from "../../lib/linear_algebra/mod.ts";
import { seeded } from "../../lib/random.ts";
import { ResNet18 } from "../../lib/resnet/resnet.ts";
import { loadWeights } from "../../lib/resnet/weights.ts";
import { tf } from "../../lib/tensorflow/browser_device.ts";

/** Penultimate features (1 × D) and logits (1 × C) of one image. */
export interface Answer {
  readonly features: Matrix;
  readonly logits: Matrix;
  /** Milliseconds from pixels to logits. */
  readonly milliseconds: number;
}

const CACHE = "robust-deep-learning";

/**
 * The bytes of `url`, from the browser's cache where it has them; `onProgress` hears the share that has come.
 *
 * @throws {Error} where the file cannot be had, or is cut short.
 */
export async function fetchKept(
  url: string,
  onProgress: (share: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const cache = "caches" in globalThis
    ? await caches.open(CACHE).catch(() => undefined)
    : undefined;
  const kept = await cache?.match(url);
  if (kept) return new Uint8Array(await kept.arrayBuffer());
  const response = await fetch(url);
  if (!response.ok || response.body === null) {
    throw new Error(`${url} cannot be loaded: the server answers ${response.status}`);
  }
  const size = Number(response.headers.get("content-length")), parts: Uint8Array[] = [];
  let come = 0;
  for (const reader = response.body.getReader();;) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    onProgress(size > 0 ? (come += value.length) / size : 0);
  }
  const bytes = new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
  if (size > 0 && come !== size) {
    throw new Error(`${url} was cut short: ${come} of ${size} bytes have come`);
  }
  await cache?.put(url, new Response(bytes)).catch(() => undefined); // no room is no harm
  return bytes;
}

/** Forgets a file that proved to be damaged. */
export async function forget(url: string): Promise<void> {
  if ("caches" in globalThis) await (await caches.open(CACHE)).delete(url);
}

/**
 * The network with the weights in `bytes`.
 *
 * @throws {DataFileError} where they are damaged or of another network.
 */
export function networkOf(bytes: Uint8Array<ArrayBuffer>, name: string): ResNet18 {
  const network = new ResNet18(seeded(0));
  loadWeights(network, parseSafetensors(bytes, { name }));
  return network;
}

/** What `network` says of one image, 32 × 32 × 3 bytes. */
export async function ask(network: ResNet18, pixels: Uint8Array): Promise<Answer> {
  const started = performance.now(), batch = new Float32Array(IMAGE_BYTES);
  const images = { name: "picture", pixels, labels: new Uint8Array(1) };
  fillBatch(batch, { images, indices: [0] });
  const [h, z] = tf.tidy(() => {
    const features = network.features(tf.tensor4d(batch, [1, SIDE, SIDE, 3]));
    return [features, network.classify(features)];
  });
  const [features, logits] = (await Promise.all([h.data(), z.data()])).map((data) => ({
    rows: 1,
    columns: data.length,
    data: Float64Array.from(data),
  }));
  tf.dispose([h, z]);
  return { features, logits, milliseconds: performance.now() - started };
}
