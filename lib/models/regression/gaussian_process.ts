/**
 * Gaussian-process regression: Bayesian linear regression with infinitely many basis functions.
 *
 * Rasmussen and Williams, Gaussian Processes for Machine Learning (2006), algorithm 2.1.
 *
 * @module
 */
import {
  add,
  cholesky,
  choleskyLogDeterminant,
  choleskySolve,
  dot,
  identity,
  type Matrix,
  row,
  solveTriangular,
  transpose,
  vector,
  zeros,
} from "../../linear_algebra/mod.ts";
import type { GaussianPrediction, RegressionData } from "./bayesian_linear_regression.ts";

/** A covariance function k(a, b) of the values of a random function at two inputs. */
export type Kernel = (a: number, b: number) => number;

/**
 * k(a, b) = `variance` exp(−(a − b)² / 2 `length`²).
 *
 * @throws {RangeError} where `variance` or `length` is not positive.
 */
export function squaredExponential(
  { variance, length }: { variance: number; length: number },
): Kernel {
  for (const [name, value] of Object.entries({ variance, length })) {
    if (!(value > 0 && Number.isFinite(value))) {
      throw new RangeError(`${name} is a finite number above 0, got ${value}`);
    }
  }
  return (a, b) => variance * Math.exp(-(((a - b) / length) ** 2) / 2);
}

/**
 * What Gaussian bumps of one `width` w, `spacing` Δ apart on the whole line, under the prior precision `alpha` add up
 * to: the squared exponential kernel with variance √π w / (alpha Δ) and length √2 w.
 *
 * It is the limit of small Δ; the sum differs from it by at most 2 exp(−π²w²/Δ²) of its height, 0.0001 at Δ = w.
 */
export function limitOfGaussianBasis(
  { width, spacing, alpha }: { width: number; spacing: number; alpha: number },
): Kernel {
  return squaredExponential({
    variance: Math.sqrt(Math.PI) * width / (alpha * spacing),
    length: Math.SQRT2 * width,
  });
}

/**
 * y = f(x) + ε with f a Gaussian process of mean zero and covariance `kernel`, ε ~ N(0, 1/beta).
 *
 * @example
 * ```ts
 * import { GaussianProcess, squaredExponential } from "./gaussian_process.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const kernel = squaredExponential({ variance: 2, length: 1 });
 * const process = new GaussianProcess(kernel, { beta: 4, data: { x: [0], y: [9] } });
 * const { mean, variance } = process.predict([0, 100]);
 * assertAlmostEquals(mean[0], 9 * 2 / (2 + 1 / 4));
 * assertAlmostEquals(variance[1], 2 + 1 / 4); // far away the prior comes back
 * ```
 */
export class GaussianProcess {
  readonly kernel: Kernel;
  /** Precision of the noise, 1/σ². */
  readonly beta: number;
  readonly #data: { x: Float64Array; y: Float64Array };
  readonly #factor: Matrix; // of K + I/beta
  readonly #weights: Float64Array; // (K + I/beta)⁻¹ y

  /** @throws {RangeError} where beta is not positive, the lengths differ or a number is not finite. */
  constructor(kernel: Kernel, { beta, data }: { beta: number; data: RegressionData }) {
    if (!(beta > 0 && Number.isFinite(beta))) {
      throw new RangeError(`beta, the noise precision, is a finite number > 0, got ${beta}`);
    }
    const x = vector(data.x, "x"), y = vector(data.y, "y");
    if (x.length !== y.length) {
      throw new RangeError(
        `x and y belong together: got ${x.length} inputs and ${y.length} targets`,
      );
    }
    this.kernel = kernel;
    this.beta = beta;
    this.#data = { x, y };
    this.#factor = cholesky(add(covariances(kernel, x, x), identity(x.length, 1 / beta)));
    this.#weights = choleskySolve(this.#factor, { rows: y.length, columns: 1, data: y }).data;
  }

  /** p(y | x, data) at each of the inputs `x`. */
  predict(x: ArrayLike<number>): GaussianPrediction {
    const noiseVariance = 1 / this.beta, inputs = vector(x, "x");
    const K = covariances(this.kernel, inputs, this.#data.x);
    const V = transpose(solveTriangular(this.#factor, transpose(K)));
    const modelVariance = inputs.map((a, i) =>
      Math.max(0, this.kernel(a, a) - dot(row(V, i), row(V, i))) // rounding may leave −1e-17
    );
    return {
      mean: inputs.map((_, i) => dot(row(K, i), this.#weights)),
      variance: modelVariance.map((v) => noiseVariance + v),
      noiseVariance,
      modelVariance,
    };
  }

  /** log p(y | x), in nats: −yᵀ(K + I/beta)⁻¹y/2 − log det(K + I/beta)/2 − N/2 log 2π. */
  get logEvidence(): number {
    const { y } = this.#data;
    return -(dot(y, this.#weights) + choleskyLogDeterminant(this.#factor) +
      y.length * Math.log(2 * Math.PI)) / 2;
  }
}

function covariances(kernel: Kernel, a: Float64Array, b: Float64Array): Matrix {
  const K = zeros(a.length, b.length);
  a.forEach((ai, i) => b.forEach((bj, j) => row(K, i)[j] = kernel(ai, bj)));
  return K;
}
