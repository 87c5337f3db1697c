/**
 * What a trained network makes of a set of images: features and logits, as plain arrays.
 *
 * @module
 */
import { IMAGE_BYTES, type ImageSet, SIDE } from "../data/images.ts";
import type { ResNet18 } from "../models/resnet.ts";
import { tf } from "../tensorflow/mod.ts";
import { fillBatch } from "./batches.ts";

/** Features and logits of N images, row by row. */
export interface Outputs {
  /** N × D. */
  readonly features: Float32Array;
  /** N × K. */
  readonly logits: Float32Array;
  /** N. */
  readonly labels: Uint8Array;
}

/** The outputs of `network` in evaluation mode on standardised images without augmentation. */
export function outputsOf(
  network: ResNet18,
  images: ImageSet,
  { batchSize = 250 }: { batchSize?: number } = {},
): Outputs {
  const count = images.labels.length, width = 8 * network.width;
  const features = new Float32Array(count * width);
  const logits = new Float32Array(count * network.classes);
  for (let start = 0; start < count; start += batchSize) {
    const size = Math.min(batchSize, count - start);
    const batch = new Float32Array(size * IMAGE_BYTES);
    fillBatch(batch, { images, indices: Int32Array.from({ length: size }, (_, i) => start + i) });
    tf.tidy(() => {
      const h = network.features(tf.tensor4d(batch, [size, SIDE, SIDE, 3]));
      features.set(h.dataSync(), start * width);
      logits.set(network.classify(h).dataSync(), start * network.classes);
    });
  }
  return { features, logits, labels: images.labels };
}

/** Mean cross-entropy (in nats) and accuracy of logits N × K against labels. */
export function fitOf(
  { logits, labels }: Pick<Outputs, "logits" | "labels">,
): { loss: number; accuracy: number } {
  const classes = logits.length / labels.length;
  let loss = 0, correct = 0;
  for (const [i, label] of labels.entries()) {
    const z = logits.subarray(i * classes, (i + 1) * classes);
    const largest = z.reduce((a, b) => Math.max(a, b));
    const logSum = largest + Math.log(z.reduce((sum, it) => sum + Math.exp(it - largest), 0));
    loss += logSum - z[label];
    if (z.indexOf(largest) === label) correct++;
  }
  return { loss: loss / labels.length, accuracy: correct / labels.length };
}
