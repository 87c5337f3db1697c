/**
 * Gaussian-process regression: Bayesian linear regression with infinitely many basis functions.
 *
 * Rasmussen and Williams, Gaussian Processes for Machine Learning (2006), algorithm 2.1.
 *
 * @module
 */
import { checkFunction, checkNumbers, checkOptions, checkPositive } from "../../checks.ts";
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
} from "../../linear_algebra/mod.ts";
import type { GaussianPrediction } from "./bayesian_linear_regression.ts";
import { checkRegressionData, type RegressionData } from "./data.ts";
import { covarianceMatrix, type Kernel } from "./kernels.ts";

/** What a Gaussian process is made of. */
export interface GaussianProcessOptions {
  /** k, the covariance of f at two inputs. */
  readonly kernel: Kernel<number>;
  /** Precision of the noise, 1/σ². */
  readonly beta: number;
}

/**
 * y = f(x) + ε with f a Gaussian process of mean zero and covariance `kernel`, ε ~ N(0, 1/beta), given `data`.
 *
 * @throws {RangeError} where beta is not positive, the lengths differ or a number is not finite.
 * @example
 * ```ts
 * import { fitGaussianProcess } from "./gaussian_process.ts";
 * import { squaredExponential } from "./kernels.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const kernel = squaredExponential({ variance: 2, length: 1 });
 * const process = fitGaussianProcess({ x: [0], y: [9] }, { kernel, beta: 4 });
 * const { mean, variance } = process.predict([0, 100]);
 * assertAlmostEquals(mean[0], 9 * 2 / (2 + 1 / 4));
 * assertAlmostEquals(variance[1], 2 + 1 / 4); // far away the prior comes back
 * ```
 */
export function fitGaussianProcess(
  data: RegressionData,
  options: GaussianProcessOptions,
): GaussianProcess {
  return new GaussianProcess(data, options);
}

/** A Gaussian process that has seen data. */
export class GaussianProcess {
  /** The covariance function. */
  readonly kernel: Kernel<number>;
  /** Precision of the noise, 1/σ². */
  readonly beta: number;
  readonly #data: { x: Float64Array; y: Float64Array };
  readonly #factor: Matrix; // of K + I/beta
  readonly #weights: Float64Array; // (K + I/beta)⁻¹ y

  /** As `fitGaussianProcess()`. */
  constructor(data: RegressionData, options: GaussianProcessOptions) {
    const { kernel, beta } = checkOptions("fitGaussianProcess()", options, ["kernel", "beta"]);
    const { x: inputs, y } = checkRegressionData(data);
    const x = Float64Array.from(checkNumbers("x", inputs));
    this.kernel = checkFunction("kernel", kernel);
    this.beta = checkPositive("beta, the noise precision,", beta);
    this.#data = { x, y };
    this.#factor = cholesky(add(covarianceMatrix(kernel, x, x), identity(x.length, 1 / beta)));
    this.#weights = choleskySolve(this.#factor, { rows: y.length, columns: 1, data: y }).data;
  }

  /** p(y | x, data) at each of the inputs `x`. */
  predict(x: ArrayLike<number>): GaussianPrediction {
    const noiseVariance = 1 / this.beta, inputs = Float64Array.from(checkNumbers("x", x));
    const K = covarianceMatrix(this.kernel, inputs, this.#data.x);
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
