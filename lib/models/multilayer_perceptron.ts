/**
 * The multilayer perceptron: linear layers with ReLU between them, with hand-written derivatives in float64.
 *
 * An architecture is its list of `sizes`, such as [2, 50, 1]: D inputs, hidden units, and K outputs (or 1: the log
 * odds of class 1). All parameters lie in one flat array θ of P numbers, layer after layer, first the weights W
 * (outputs × inputs, by rows), then the bias b, which is PyTorch's order.
 *
 * @module
 */
import { type Matrix, shape, zeros } from "../linear_algebra/mod.ts";
import { normals, type Random } from "../random.ts";

/** Where one linear layer of an architecture keeps its weights and bias in θ. */
export interface Layer {
  readonly inputs: number;
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
  if (sizes.length < 2 || sizes.some((size) => !Number.isInteger(size) || size < 1)) {
    throw new RangeError(
      `A network has at least two layer sizes, whole and at least 1, such as [2, 50, 1], got [${sizes}]`,
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

/** Random θ to start training from: W ~ N(0, 2 / inputs), b = 0 (He et al. 2015, equation 10). */
export function initialParameters(sizes: readonly number[], random: Random): Float64Array {
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
  readonly random: Random;
}

/** What `forward()` computed, as `backward()` needs it. */
export interface ForwardPass {
  /** The input of each layer, N × inputs; the first one is X. */
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
  if (X.columns !== sizes[0] || theta.length !== parameterCount(sizes)) {
    throw new RangeError(
      `A network of sizes [${sizes}] has ${sizes[0]} inputs and ${
        parameterCount(sizes)
      } parameters, ` +
        `got X of ${shape(X)} and ${theta.length} parameters`,
    );
  }
  if (dropout) checkDropout(dropout.probability);
  const slope = dropout ? 1 / (1 - dropout.probability) : 1;
  const inputs = [X];
  for (const layer of layers.slice(0, -1)) {
    const H = linear(layer, theta, inputs.at(-1)!), h = H.data;
    for (let i = 0; i < h.length; i++) h[i] = Math.max(h[i], 0);
    if (dropout) {
      const { probability, random } = dropout;
      for (let i = 0; i < h.length; i++) h[i] *= random() < probability ? 0 : slope;
    }
    inputs.push(H);
  }
  return { inputs, logits: linear(layers.at(-1)!, theta, inputs.at(-1)!), slope };
}

/** The gradient with respect to θ of Σ_nk `outputGradient`[n, k] · logits[n, k], at what `forward()` returned. */
export function backward(
  { sizes, theta }: { sizes: readonly number[]; theta: Float64Array },
  { inputs, slope }: Pick<ForwardPass, "inputs" | "slope">,
  outputGradient: Matrix,
): Float64Array {
  const layers = layersOf(sizes), gradient = new Float64Array(theta.length);
  let upper = outputGradient;
  for (let l = layers.length - 1; l >= 0; l--) {
    const layer = layers[l], H = inputs[l];
    accumulate(layer, gradient, H, upper);
    if (l === 0) break;
    const lower = linearTransposed(layer, theta, upper);
    for (let i = 0; i < lower.data.length; i++) {
      lower.data[i] *= H.data[i] > 0 ? slope : 0;
    }
    upper = lower;
  }
  return gradient;
}

/** X Wᵀ + b, N × outputs. */
export function linear(layer: Layer, theta: Float64Array, X: Matrix): Matrix {
  const { inputs, outputs, weights, bias } = layer;
  const A = zeros(X.rows, outputs), x = X.data, a = A.data;
  for (let n = 0, k = 0; n < X.rows; n++) {
    for (let o = 0; o < outputs; o++, k++) {
      let sum = theta[bias + o];
      for (let i = 0, w = weights + o * inputs, j = n * inputs; i < inputs; i++) {
        sum += theta[w + i] * x[j + i];
      }
      a[k] = sum;
    }
  }
  return A;
}

/** U W, N × inputs: what a gradient `U` (N × outputs) at a layer's outputs is at its inputs. */
export function linearTransposed(layer: Layer, theta: Float64Array, U: Matrix): Matrix {
  const { inputs, outputs, weights } = layer;
  const result = zeros(U.rows, inputs), lower = result.data;
  for (let n = 0; n < U.rows; n++) {
    for (let o = 0; o < outputs; o++) {
      const u = U.data[n * outputs + o];
      for (let i = 0, w = weights + o * inputs, j = n * inputs; i < inputs; i++) {
        lower[j + i] += u * theta[w + i];
      }
    }
  }
  return result;
}

/** Adds Uᵀ X and the column sums of U to a layer's part of `gradient`. */
export function accumulate(layer: Layer, gradient: Float64Array, X: Matrix, U: Matrix): void {
  const { inputs, outputs, weights, bias } = layer;
  for (let n = 0; n < X.rows; n++) {
    for (let o = 0; o < outputs; o++) {
      const u = U.data[n * outputs + o];
      gradient[bias + o] += u;
      for (let i = 0, w = weights + o * inputs, j = n * inputs; i < inputs; i++) {
        gradient[w + i] += u * X.data[j + i];
      }
    }
  }
}

/** @throws {RangeError} where `probability` is outside [0, 1). */
export function checkDropout(probability: number): number {
  if (!(probability >= 0 && probability < 1)) {
    throw new RangeError(
      `A dropout probability lies in [0, 1), got ${probability}: 0 keeps every unit`,
    );
  }
  return probability;
}
