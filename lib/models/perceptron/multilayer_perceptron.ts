/**
 * The multilayer perceptron: linear layers with ReLU between them, with hand-written derivatives in float64.
 *
 * An architecture is its list of `sizes`, such as [2, 50, 1]: D inputs, hidden units, and K outputs (or 1: the log
 * odds of class 1). All parameters lie in one flat array θ of P numbers, layer after layer, first the weights W
 * (outputs × inputs, by rows), then the bias b, which is PyTorch's order.
 *
 * @module
 */
import { checkInputs } from "../../data/labelled.ts";
import { dot, type Matrix, row, transpose, zeros } from "../../linear_algebra/mod.ts";
import { checkBetween, checkNumbers } from "../../checks.ts";
import { checkRandom, normals, type Random } from "../../random.ts";

/** Where one linear layer of an architecture keeps its weights and bias in θ. */
export interface Layer {
  /** The number of inputs. */
  readonly inputs: number;
  /** The number of outputs. */
  readonly outputs: number;
  /** θ[weights + o · inputs + i] is W[o, i]. */
  readonly weights: number;
  /** θ[bias + o] is b[o]. */
  readonly bias: number;
}

/**
 * The linear layers of an architecture.
 *
 * @throws {RangeError} where `sizes` are not at least two whole numbers of at least 1.
 */
export function layersOf(sizes: readonly number[]): Layer[] {
  checkNumbers("sizes", sizes);
  if (sizes.length < 2 || sizes.some((size) => !Number.isInteger(size) || size < 1)) {
    throw new RangeError(
      `sizes are those of at least two layers, whole and at least 1, such as [2, 50, 1], got [${sizes}]`,
    );
  }
  let weights = 0;
  return sizes.slice(1).map((outputs, l) => {
    const layer = { inputs: sizes[l], outputs, weights, bias: weights + sizes[l] * outputs };
    weights = layer.bias + outputs;
    return layer;
  });
}

/** P, the number of weights and biases of an architecture. */
export function parameterCount(sizes: readonly number[]): number {
  return layersOf(sizes).reduce((sum, { inputs, outputs }) => sum + (inputs + 1) * outputs, 0);
}

/**
 * Random θ to start training from: W ~ N(0, 2 / inputs), b = 0 (He et al. 2015, equation 10).
 *
 * @throws {TypeError | RangeError} where `sizes` are none of a network, or `random` is no generator.
 */
export function initialParameters(sizes: readonly number[], random: Random): Float64Array {
  checkRandom("initialParameters()", random);
  const theta = new Float64Array(parameterCount(sizes));
  for (const { inputs, outputs, weights } of layersOf(sizes)) {
    theta.set(normals(random, inputs * outputs, { deviation: Math.sqrt(2 / inputs) }), weights);
  }
  return theta;
}

/** Units set to zero at random: each hidden unit with `probability`, the kept ones divided by 1 − `probability`. */
export interface Dropout {
  /** In [0, 1). */
  readonly probability: number;
  /** The source of randomness. */
  readonly random: Random;
}

/** What `forward()` computed, as `backward()` needs it. */
export interface ForwardPass {
  /** The input of each layer, one unit a row (inputs × N); the first one is Xᵀ. */
  readonly inputs: readonly Matrix[];
  /** N × K, or N × 1. */
  readonly logits: Matrix;
  /** dh / da of a hidden unit that is on: 1, or 1 / (1 − p) under dropout. */
  readonly slope: number;
}

/**
 * The logits at each row of `X` (N × D), a_{l+1} = W_l h_l + b_l, h_l = max(a_l, 0), with the hidden values kept.
 *
 * @throws {RangeError} where the shapes of `sizes`, `theta` and `X` do not fit, or the dropout probability is
 * outside [0, 1).
 */
export function forward(
  { sizes, theta }: { sizes: readonly number[]; theta: Float64Array },
  X: Matrix,
  { dropout }: { dropout?: Dropout } = {},
): ForwardPass {
  const layers = layersOf(sizes);
  checkInputs(X, { columns: sizes[0] });
  if (theta.length !== parameterCount(sizes)) {
    throw new RangeError(
      `A network of sizes [${sizes}] has ${parameterCount(sizes)} parameters, got ${theta.length}`,
    );
  }
  if (dropout) checkDropout(dropout.probability);
  const slope = dropout ? 1 / (1 - dropout.probability) : 1;
  const inputs = [transpose(X)];
  for (const layer of layers.slice(0, -1)) {
    const H = linear(layer, theta, inputs.at(-1)!), h = H.data;
    for (let i = 0; i < h.length; i++) h[i] = Math.max(h[i], 0);
    if (dropout) {
      const { probability, random } = dropout;
      for (let i = 0; i < h.length; i++) h[i] *= random() < probability ? 0 : slope;
    }
    inputs.push(H);
  }
  return { inputs, logits: transpose(linear(layers.at(-1)!, theta, inputs.at(-1)!)), slope };
}

/** The gradient with respect to θ of Σ_nk `outputGradient`[n, k] · logits[n, k], at what `forward()` returned. */
export function backward(
  { sizes, theta }: { sizes: readonly number[]; theta: Float64Array },
  { inputs, slope }: Pick<ForwardPass, "inputs" | "slope">,
  outputGradient: Matrix,
): Float64Array {
  const layers = layersOf(sizes), gradient = new Float64Array(theta.length);
  let upper = transpose(outputGradient);
  for (let l = layers.length - 1; l >= 0; l--) {
    accumulate(layers[l], gradient, inputs[l], upper);
    if (l === 0) break;
    const lower = linearTransposed(layers[l], theta, upper), h = inputs[l].data;
    for (let i = 0; i < h.length; i++) {
      const on = h[i] / (h[i] + 1e-300); // 1 where h > 0, else 0: a condition takes 2.5 times as long
      lower.data[i] *= slope * on;
    }
    upper = lower;
  }
  return gradient;
}

/*
 * The three products of a linear layer hold one unit a row, so that their inner loops run over the points: those are
 * many where a layer's inputs or outputs may be one or two.
 */

/** W H + b, outputs × N, from H, inputs × N. */
export function linear(layer: Layer, theta: Float64Array, H: Matrix): Matrix {
  const A = zeros(layer.outputs, H.columns);
  for (let o = 0; o < layer.outputs; o++) {
    const a = row(A, o).fill(theta[layer.bias + o]);
    for (let i = 0; i < layer.inputs; i++) {
      addScaled(a, theta[layer.weights + o * layer.inputs + i], row(H, i));
    }
  }
  return A;
}

/** Wᵀ U, inputs × N: what a gradient U (outputs × N) at a layer's outputs is at its inputs. */
export function linearTransposed(layer: Layer, theta: Float64Array, U: Matrix): Matrix {
  const lower = zeros(layer.inputs, U.columns);
  for (let i = 0; i < layer.inputs; i++) {
    for (let o = 0; o < layer.outputs; o++) {
      addScaled(row(lower, i), theta[layer.weights + o * layer.inputs + i], row(U, o));
    }
  }
  return lower;
}

/** Adds U Hᵀ and the row sums of U to a layer's part of `gradient`. */
export function accumulate(layer: Layer, gradient: Float64Array, H: Matrix, U: Matrix): void {
  const ones = new Float64Array(U.columns).fill(1);
  for (let o = 0; o < layer.outputs; o++) {
    const u = row(U, o);
    gradient[layer.bias + o] += dot(u, ones);
    for (let i = 0; i < layer.inputs; i++) {
      gradient[layer.weights + o * layer.inputs + i] += dot(u, row(H, i));
    }
  }
}

function addScaled(target: Float64Array, scale: number, source: Float64Array) {
  for (let n = 0; n < target.length; n++) target[n] += scale * source[n];
}

/** @throws {RangeError} where `dropout`, a probability, is outside [0, 1). */
export function checkDropout(dropout: number): number {
  return checkBetween("dropout", dropout, { low: 0, high: 1, open: ["high"] });
}
