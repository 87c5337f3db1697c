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
import { capture, tf } from "../tensorflow/mod.ts";
import { fillBatch } from "../data/batches.ts";

/**
 * The outputs of `network` in evaluation mode, on standardised images without augmentation. `onProgress` is told how many
 * images are done after each batch.
 */
export function outputsOf(
  network: ResNet18,
  images: ImageSet,
  { batchSize = 100, onProgress }: {
    batchSize?: number;
    onProgress?: (done: number) => void;
  } = {},
): LabelledOutputs {
  const count = images.labels.length;
  const features = zeros(count, 8 * network.width), logits = zeros(count, network.classes);
  const evaluate = capture((x: tf.Tensor4D) => {
    const h = network.features(x);
    return [h, network.classify(h)];
  });
  for (let start = 0; start < count; start += batchSize) {
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
  return { features, logits, labels: images.labels };
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
