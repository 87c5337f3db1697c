/**
 * ResNet-18 for 32 × 32 images: He, Zhang, Ren and Sun, "Deep Residual Learning for Image Recognition" (2016), with the
 * 3 × 3 stem of their CIFAR networks in place of the strided 7 × 7 convolution and the max pooling.
 *
 * @module
 */
import { normals, type Random, uniforms } from "../random.ts";
import {
  type Across,
  addBias,
  batchNormalization,
  convolution,
  foldNormalization,
  relu,
  storedAs,
  tf,
} from "../tensorflow/mod.ts";

const BLOCKS_PER_LAYER = 2;
const EPSILON = 1e-5;
/** The weight of a new batch in the running statistics. */
const MOMENTUM = 0.1;

/** What decides a network's shape. */
export interface ResNetShape {
  /** K, the number of classes. */
  readonly classes: number;
  /** Channels of the first layer; the three after it have 2, 4 and 8 times as many. */
  readonly width: number;
}

/** Whether a network is trained, and with which other workers. */
export interface TrainingMode {
  /** Normalise by the batch, as in training, instead of by running statistics. */
  readonly training?: boolean;
  /** The workers whose batches count as one. */
  readonly across?: Across;
}

/** A residual network with 18 layers of weights. */
export class ResNet18 {
  /** The number of classes. */
  readonly classes: number;
  /** Channels of the first stage. */
  readonly width: number;
  /** Trained arrays under torchvision's names; convolutions have the layout height × width × in × out, the classifier in × out. */
  readonly parameters: ReadonlyMap<string, tf.Variable>;
  /** Running mean and variance of every batch normalisation, under torchvision's names. */
  readonly statistics: ReadonlyMap<string, tf.Variable>;

  /** A network with the initial weights of He et al. 2015 (normal, variance 2 / fan-out). */
  constructor(random: Random, { classes = 100, width = 64 }: Partial<ResNetShape> = {}) {
    this.classes = classes;
    this.width = width;
    const parameters = new Map<string, tf.Variable>();
    const statistics = new Map<string, tf.Variable>();

    const addConvolution = (name: string, size: number, from: number, to: number) => {
      const deviation = Math.sqrt(2 / (size * size * to));
      const values = Float32Array.from(
        normals(random, size * size * from * to, { deviation }),
      );
      parameters.set(`${name}.weight`, tf.variable(tf.tensor4d(values, [size, size, from, to])));
    };
    const addNormalization = (name: string, channels: number) => {
      parameters.set(`${name}.weight`, tf.variable(tf.ones([channels])));
      parameters.set(`${name}.bias`, tf.variable(tf.zeros([channels])));
      statistics.set(`${name}.running_mean`, tf.variable(tf.zeros([channels]), false));
      statistics.set(`${name}.running_var`, tf.variable(tf.ones([channels]), false));
    };
    tf.tidy(() => {
      addConvolution("conv1", 3, 3, width);
      addNormalization("bn1", width);
      for (const { name, from, to, stride } of blocks(width)) {
        addConvolution(`${name}.conv1`, 3, from, to);
        addNormalization(`${name}.bn1`, to);
        addConvolution(`${name}.conv2`, 3, to, to);
        addNormalization(`${name}.bn2`, to);
        if (stride !== 1 || from !== to) {
          addConvolution(`${name}.downsample.0`, 1, from, to);
          addNormalization(`${name}.downsample.1`, to);
        }
      }
      const limit = 1 / Math.sqrt(8 * width);
      const weight = Float32Array.from(uniforms(random, 8 * width * classes, -limit, limit));
      const bias = Float32Array.from(uniforms(random, classes, -limit, limit));
      parameters.set("fc.weight", tf.variable(tf.tensor2d(weight, [8 * width, classes])));
      parameters.set("fc.bias", tf.variable(tf.tensor1d(bias)));
    });
    this.parameters = parameters;
    this.statistics = statistics;
  }

  /**
   * The activations before the classifier, N × 8 `width`, of standardised images N × 32 × 32 × 3, or smaller ones. In
   * `training`, batch normalisation uses and records the statistics of this batch, and of the workers `across` which it is
   * shared out, otherwise the recorded ones.
   */
  features(
    images: tf.Tensor4D,
    mode: TrainingMode = {},
  ): tf.Tensor2D {
    return tf.tidy(() => {
      const layer = (convolution: string, normalization: string, x: tf.Tensor4D, stride = 1) =>
        this.#normalizedConvolution(x, { convolution, normalization, stride, mode });
      let x = relu(layer("conv1", "bn1", images));
      for (const { name, stride } of blocks(this.width)) {
        let y = relu(layer(`${name}.conv1`, `${name}.bn1`, x, stride));
        y = layer(`${name}.conv2`, `${name}.bn2`, y);
        if (this.parameters.has(`${name}.downsample.0.weight`)) {
          x = layer(`${name}.downsample.0`, `${name}.downsample.1`, x, stride);
        }
        x = relu(y.add(x));
      }
      return storedAs(x, "float32").mean([1, 2]);
    });
  }

  /** The logits of features, N × K. */
  classify(features: tf.Tensor2D): tf.Tensor2D {
    return tf.tidy(() =>
      features.matMul<tf.Tensor2D>(this.parameters.get("fc.weight")!)
        .add(this.parameters.get("fc.bias")!)
    );
  }

  /** The logits of standardised images, N × K; options as those of `features`. */
  logits(images: tf.Tensor4D, options: TrainingMode = {}): tf.Tensor2D {
    return tf.tidy(() => this.classify(this.features(images, options)));
  }

  /** Frees every array of the network. */
  dispose(): void {
    for (const array of [...this.parameters.values(), ...this.statistics.values()]) array.dispose();
  }

  #normalizedConvolution(
    x: tf.Tensor4D,
    { convolution: name, normalization, stride, mode: { training, across } }: {
      convolution: string;
      normalization: string;
      stride: number;
      mode: TrainingMode;
    },
  ): tf.Tensor4D {
    const filters = this.parameters.get(`${name}.weight`) as tf.Variable<tf.Rank.R4>;
    const scale = this.parameters.get(`${normalization}.weight`) as tf.Variable<tf.Rank.R1>;
    const offset = this.parameters.get(`${normalization}.bias`) as tf.Variable<tf.Rank.R1>;
    const [mean, variance] = ["running_mean", "running_var"].map((statistic) =>
      this.statistics.get(`${normalization}.${statistic}`) as tf.Variable<tf.Rank.R1>
    );
    if (!training) {
      const options = { mean, variance, scale, offset, epsilon: EPSILON };
      const folded = foldNormalization(filters, options);
      return addBias(convolution(x, folded.filters, { stride }), folded.bias);
    }
    const y = convolution(x, filters, { stride });
    const batch = batchNormalization(y, { scale, offset, epsilon: EPSILON, across });
    mean.assign(mean.mul<tf.Tensor1D>(1 - MOMENTUM).add(batch.mean.mul(MOMENTUM)));
    variance.assign(variance.mul<tf.Tensor1D>(1 - MOMENTUM).add(batch.variance.mul(MOMENTUM)));
    return batch.y;
  }
}

/** The residual blocks of layers 1 to 4: from and to how many channels, and by which stride. */
function blocks(width: number) {
  return [1, 2, 4, 8].flatMap((multiple, layer) =>
    Array.from({ length: BLOCKS_PER_LAYER }, (_, block) => ({
      name: `layer${layer + 1}.${block}`,
      from: block > 0 || layer === 0 ? multiple * width : multiple * width / 2,
      to: multiple * width,
      stride: block === 0 && layer > 0 ? 2 : 1,
    }))
  );
}
