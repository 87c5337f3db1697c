/**
 * A residual network's weights as torchvision names and lays them out, so that PyTorch loads ours and we load PyTorch's.
 *
 * Convolutions are stored out × in × height × width and the classifier classes × features, as in
 * `torchvision.models.resnet18().state_dict()`.
 *
 * @module
 */
import { DataFileError } from "../data/files.ts";
import { type Safetensors, type StoredTensor, storedTensor } from "../data/safetensors.ts";
import { tf } from "../tensorflow/mod.ts";
import type { ResNet18 } from "./resnet.ts";

/** From our axes to PyTorch's, and back, by the number of dimensions. */
const TO_TORCH: Record<number, number[]> = { 1: [0], 2: [1, 0], 4: [3, 2, 0, 1] };
const FROM_TORCH: Record<number, number[]> = { 1: [0], 2: [1, 0], 4: [2, 3, 1, 0] };

/** Parameters and running statistics, for `writeSafetensors`; in `half` precision where asked. */
export function storedWeights(
  network: ResNet18,
  { half = false }: { half?: boolean } = {},
): [string, StoredTensor][] {
  return [...network.parameters, ...network.statistics].map(([name, array]) => {
    const stored = tf.tidy(() => array.transpose(TO_TORCH[array.rank]).clone());
    const values = stored.dataSync<"float32">();
    stored.dispose();
    return [name, { shape: stored.shape, values: half ? new Float16Array(values) : values }];
  });
}

/**
 * Sets a network's parameters and running statistics to stored ones, of any floating-point type.
 *
 * @throws {DataFileError} where one is missing, has another shape, holds no floating-point numbers or not only finite
 * ones; the network is unchanged then.
 */
export function loadWeights(network: ResNet18, file: Safetensors): void {
  const arrays = [...network.parameters, ...network.statistics];
  const loaded = arrays.map(([name, array]) => {
    const shape = TO_TORCH[array.rank].map((axis) => array.shape[axis]);
    const { values } = storedTensor(file, name, { shape });
    if (
      !(values instanceof Float32Array || values instanceof Float16Array ||
        values instanceof Float64Array)
    ) {
      throw new DataFileError(`The weights ${name} are not floating-point numbers`);
    }
    const single = Float32Array.from(values);
    if (!single.every(Number.isFinite)) {
      throw new DataFileError(`The weights ${name} are not all finite: the file is damaged`);
    }
    return { array, shape, values: single };
  });
  for (const { array, shape, values } of loaded) {
    tf.tidy(() => array.assign(tf.tensor(values, shape).transpose(FROM_TORCH[array.rank])));
  }
}
