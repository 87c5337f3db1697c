/**
 * The operations of a residual network that tfjs lacks or composes of many: batch normalisation in training mode,
 * the rectifier with its gradient from its output, and the convolution with even padding.
 *
 * Each runs as TensorFlow's one fused operation where that library is, and in tfjs's own operations elsewhere, with
 * the same values and gradients. They accept what mixed_precision.ts makes: activations in bfloat16 with parameters
 * and statistics in float32.
 *
 *     convolution(x, filters, { stride })                  → y
 *     batchNormalization(x, { scale, offset, epsilon })    → { y, mean, variance }
 *     foldNormalization(filters, { mean, variance, … })    → { filters, bias }, with running statistics
 *     addBias(x, bias)                                     → y
 *     relu(x)                                              → y
 *
 * @module
 */
import { binding, runsOnTensorFlow, tf } from "./device.ts";
import { DataType } from "./c_api.ts";
import { storageOf, storedAs } from "./mixed_precision.ts";
import { everyPixel, productWithPatches } from "./patches.ts";
import { attribute, execute, register } from "./register.ts";
import { winogradApplies, winogradConvolution } from "./winograd.ts";

/** From so many channels on, Winograd's transforms and copies of patches cost less than they save (on a CPU). */
const MANY_CHANNELS = 128;

/**
 * The convolution of a residual network: k × k filters, padding (k − 1) / 2 on every side, no bias.
 *
 * TensorFlow's own "same" pads a strided convolution unevenly; this is the padding of the paper's networks and of
 * PyTorch's `Conv2d(padding=(k − 1) / 2)`.
 *
 * On a CPU, convolutions of many channels run by Winograd's algorithm (winograd.ts), or as products where they stride
 * (patches.ts).
 *
 * @param x Images, N × H × W × C.
 * @param filters k × k × C × K with k odd; cast to the storage of `x`.
 * @returns N × ⌈H / stride⌉ × ⌈W / stride⌉ × K.
 * @throws {RangeError} where the filters are not square with an odd side.
 * Source: He et al., Deep residual learning for image recognition (2016), section 3.3.
 */
export function convolution(
  x: tf.Tensor4D,
  filters: tf.Tensor4D,
  { stride = 1 }: { stride?: number } = {},
): tf.Tensor4D {
  const [height, width] = filters.shape;
  if (height !== width || height % 2 === 0) {
    throw new RangeError(
      `convolution() pads evenly and needs square filters with an odd side, got ${height} × ${width}`,
    );
  }
  const [, , from, to] = filters.shape;
  const many = Math.min(from, to) >= MANY_CHANNELS && runsOnTensorFlow() &&
    !binding!.isUsingGpuDevice();
  if (stride === 1 && many && winogradApplies(x, filters)) return winogradConvolution(x, filters);
  const w = storedAs(filters, storageOf(x));
  // At stride 1 "same" is this padding already.
  if (stride === 1) return tf.conv2d(x, w, 1, "same");
  if (height === 1) return tf.conv2d(everyPixel(x, { stride }), w, 1, "same");
  const p = (height - 1) / 2, padded = tf.pad4d(x, [[0, 0], [p, p], [p, p], [0, 0]]);
  return many ? productWithPatches(padded, w, stride) : tf.conv2d(padded, w, stride, "valid");
}

/** Workers whose batches are normalised together; see collective.ts. */
export interface Across {
  /** The addresses of all workers. */
  readonly workers: readonly string[];
  /** The mean of x over all workers. */
  mean<T extends tf.Tensor>(x: T): T;
}

/** What batch normalisation of a batch returns. */
export interface NormalizedBatch {
  /** The normalised activations, of the shape and storage of the input. */
  y: tf.Tensor4D;
  /** The mean of each channel over the batch; carries no gradient. */
  mean: tf.Tensor1D;
  /** The unbiased variance (divisor n − 1) of each channel over the batch, for running statistics; no gradient. */
  variance: tf.Tensor1D;
}

/**
 * Batch normalisation in training mode: y = scale · (x − μ) / √(σ² + epsilon) + offset,
 * with μ and the biased σ² of each channel over the batch.
 *
 * @param x Activations, N × H × W × C, with N · H · W > 1.
 * @param scale γ, C values in float32.
 * @param offset β, C values in float32.
 * @param across The workers over whose batches together μ and σ² are taken, where not over this one alone.
 * Source: Ioffe and Szegedy, Batch normalization (2015), algorithm 1.
 */
export function batchNormalization(
  x: tf.Tensor4D,
  { scale, offset, epsilon = 1e-5, across }: {
    scale: tf.Tensor1D;
    offset: tf.Tensor1D;
    epsilon?: number;
    across?: Across;
  },
): NormalizedBatch {
  if (across) {
    const wide = storedAs(x, "float32"), pixels = [0, 1, 2];
    const mean = across.mean(wide.mean<tf.Tensor1D>(pixels));
    const variance = across.mean(wide.sub(mean).square().mean<tf.Tensor1D>(pixels));
    const n = across.workers.length * x.size / x.shape[3];
    const { factor, bias } = affine({ mean, variance, scale, offset, epsilon });
    return {
      y: addBias(x.mul(storedAs(factor, storageOf(x))), bias),
      mean,
      variance: variance.mul(n / (n - 1)),
    };
  }
  if (!runsOnTensorFlow()) {
    const { mean, variance } = tf.moments(x, [0, 1, 2]);
    const n = x.size / x.shape[3];
    return {
      y: tf.batchNorm4d(x, mean as tf.Tensor1D, variance as tf.Tensor1D, offset, scale, epsilon),
      mean: mean as tf.Tensor1D,
      variance: tf.mul(variance, n / (n - 1)) as tf.Tensor1D,
    };
  }
  const [y, mean, variance] = normalizeBatch({ x, scale, offset }, { epsilon });
  return { y: y as tf.Tensor4D, mean: mean as tf.Tensor1D, variance: variance as tf.Tensor1D };
}

/** Statistics of each channel, and what batch normalisation makes of them. */
export interface Normalization {
  /** The mean of x over all workers. */
  mean: tf.Tensor1D;
  /** The variance of each channel. */
  variance: tf.Tensor1D;
  /** The factor of each channel. */
  scale: tf.Tensor1D;
  /** The summand of each channel. */
  offset: tf.Tensor1D;
  /** What is added to each variance. */
  epsilon?: number;
}

/**
 * A convolution with a batch normalisation of given statistics behind it, as in evaluation, is one convolution and a bias:
 * scale · (x ∗ filters − mean) / √(variance + epsilon) + offset = x ∗ folded.filters + folded.bias.
 *
 * @param filters k × k × C × K; the statistics, scale and offset have K values each.
 */
export function foldNormalization(
  filters: tf.Tensor4D,
  normalization: Normalization,
): { filters: tf.Tensor4D; bias: tf.Tensor1D } {
  const { factor, bias } = affine(normalization);
  return { filters: filters.mul(factor), bias };
}

/** Batch normalisation with given statistics: x · factor + bias. */
function affine({ mean, variance, scale, offset, epsilon = 1e-5 }: Normalization) {
  const factor = scale.div<tf.Tensor1D>(variance.add(epsilon).sqrt());
  return { factor, bias: offset.sub<tf.Tensor1D>(mean.mul(factor)) };
}

/** x + bias, the bias of each channel: stored as `x` is. TensorFlow makes it one operation with a convolution before it. */
export function addBias(x: tf.Tensor4D, bias: tf.Tensor1D): tf.Tensor4D {
  const b = storedAs(bias, storageOf(x));
  return runsOnTensorFlow() ? biasAdd({ x, bias: b }, {})[0] as tf.Tensor4D : tf.add(x, b);
}

/** max(x, 0). Its gradient needs only its result: dx = dy where y > 0, else 0. */
export function relu<T extends tf.Tensor>(x: T): T {
  return runsOnTensorFlow() ? rectify({ x }, {})[0] as T : tf.relu(x);
}

// A binding follows the storage of the inputs where float32 is asked for.
const followed = attribute.type("T", DataType.FLOAT);

const biasAdd = register("BiasAdd", {
  run: ({ x, bias }) => execute("BiasAdd", { attributes: [followed], inputs: [x, bias] }),
  gradient: ([dy]) => ({ x: () => dy, bias: () => storedAs(dy, "float32").sum([0, 1, 2]) }),
});

const rectify = register("Rectify", {
  run: ({ x }) => execute("Relu", { attributes: [followed], inputs: [x] }),
  outputsToSave: [true],
  gradient: ([dy], [y]) => ({ x: () => rectifyGradient({ dy, y }, {})[0] }),
});

const rectifyGradient: ReturnType<typeof register> = register("RectifyGradient", {
  run: ({ dy, y }) => execute("ReluGrad", { attributes: [followed], inputs: [dy, y] }),
  inputsToSave: ["y"],
  gradient: ([ddy], [y]) => ({
    dy: () => rectifyGradient({ dy: ddy, y }, {})[0],
    y: () => tf.zerosLike(y),
  }),
});

const attributesOf = (x: tf.Tensor, epsilon: number) => [
  attribute.type("T", storageOf(x) === "bfloat16" ? DataType.BFLOAT16 : DataType.FLOAT),
  attribute.type("U", DataType.FLOAT),
  attribute.float("epsilon", epsilon),
  attribute.string("data_format", "NHWC"),
  attribute.boolean("is_training", true),
];

const normalizeBatch = register<{ epsilon: number }>("NormalizeBatch", {
  run({ x, scale, offset }, { epsilon }) {
    const none = tf.tensor1d([]);
    // Outputs: y, the mean, the unbiased variance, and three that the gradient wants back.
    const outputs = execute("FusedBatchNormV3", {
      attributes: attributesOf(x, epsilon),
      inputs: [x, scale, offset, none, none],
      count: 6,
    });
    none.dispose();
    return outputs;
  },
  inputsToSave: ["x", "scale"],
  outputsToSave: [false, false, false, true, true, true],
  gradient([dy], [x, scale, ...reserved], { epsilon }) {
    const [dx, dscale, doffset] = execute("FusedBatchNormGradV3", {
      attributes: attributesOf(x, epsilon),
      inputs: [storedAs(dy, storageOf(x)), x, scale, ...reserved],
      count: 5,
    });
    return { x: () => dx, scale: () => dscale, offset: () => doffset };
  },
});
