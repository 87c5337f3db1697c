/**
 * What a trained network makes of a set of images.
 *
 * @module
 */
import { IMAGE_BYTES, type ImageSet, SIDE } from "../data/images.ts";
import type { LabelledOutputs } from "../outputs/network_outputs.ts";
import { zeros } from "../linear_algebra/mod.ts";
import type { LastLayer } from "../metrics/last_layer.ts";
import type { ResNet18 } from "./resnet.ts";
import { capture, type Collective, tf } from "../tensorflow/mod.ts";
import { fillBatch } from "../data/batches.ts";

/**
 * The outputs of `network` in evaluation mode, on standardised images without augmentation. `onProgress` is told how many
 * images are done after each batch. `workers` take turns at the batches, and each gets all outputs.
 */
export function outputsOf(
  network: ResNet18,
  images: ImageSet,
  { batchSize = 100, workers, onProgress }: {
    batchSize?: number;
    workers?: Collective;
    onProgress?: (done: number) => void;
  } = {},
): LabelledOutputs {
  const count = images.labels.length;
  const features = zeros(count, 8 * network.width), logits = zeros(count, network.classes);
  const evaluate = capture((x: tf.Tensor4D) => {
    const h = network.features(x);
    return [h, network.classify(h)];
  });
  const share = batchSize * (workers?.workers.length ?? 1),
    first = batchSize * (workers?.index ?? 0);
  for (let start = first; start < count; start += share) {
    const size = Math.min(batchSize, count - start);
    const batch = new Float32Array(size * IMAGE_BYTES);
    fillBatch(batch, { images, indices: Int32Array.from({ length: size }, (_, i) => start + i) });
    tf.tidy(() => {
      const [h, z] = evaluate(tf.tensor4d(batch, [size, SIDE, SIDE, 3]));
      features.data.set(h.dataSync(), start * features.columns);
      logits.data.set(z.dataSync(), start * logits.columns);
    });
    onProgress?.(start + size);
  }
  if (workers) { for (const { data } of [features, logits]) data.set(summed(data, workers)); }
  return { features, logits, labels: images.labels };
}

/** The sums over `workers` of what each has. */
function summed(values: Float64Array, workers: Collective): Float32Array {
  return tf.tidy(() => workers.sum(tf.tensor1d(Float32Array.from(values))).dataSync<"float32">());
}

/** The network's last layer, in float64. */
export function lastLayerOf({ parameters, classes, width }: ResNet18): LastLayer {
  const [weights, bias] = tf.tidy(() => [
    parameters.get("fc.weight")!.transpose().dataSync(),
    parameters.get("fc.bias")!.dataSync(),
  ]);
  return {
    weights: { rows: classes, columns: 8 * width, data: Float64Array.from(weights) },
    bias: Float64Array.from(bias),
  };
}
