/**
 * Gaussian-process classification by Laplace's approximation: a classifier that forgets its training data far from it.
 *
 * Latent f ~ GP(0, k), p(y = 1 | x) = σ(f(x)).
 *
 * ```ts ignore
 * const process = fitGaussianProcessClassifier(train, {
 *   kernel: squaredExponential({ variance: 10, length: 2 }),
 * });
 * process.predict(grid); // ½ far away, where k(x, x_n) is 0 for all n
 * ```
 *
 * Source: Rasmussen and Williams, Gaussian Processes for Machine Learning (2006), algorithms 3.1 and 3.2.
 *
 * @module
 */
import { checkFunction, checkOptions } from "../../checks.ts";
import { checkInputs, checkLabelled, type Labelled } from "../../data/labelled.ts";
import {
  cholesky,
  choleskyLogDeterminant,
  choleskySolve,
  dot,
  type Matrix,
  multiplyVector,
  row,
  solveTriangular,
  transpose,
  zeros,
} from "../../linear_algebra/mod.ts";
import { covarianceMatrix, type Kernel } from "../regression/kernels.ts";
import { expectedSigmoid } from "../inference/gaussian_expectation.ts";
import { type Prediction, sigmoid, softplus } from "../inference/predictive.ts";

/** What a Gaussian-process classifier is made of. */
export interface GaussianProcessClassifierOptions {
  /** k, the covariance of f at two rows, in squared logits. */
  readonly kernel: Kernel<Float64Array>;
}

/**
 * The mode of p(f | labels) by Newton's method, and the curvature there, in O(N³).
 *
 * @throws {RangeError} where the data are no two-class set, or Newton's method does not settle.
 */
export function fitGaussianProcessClassifier(
  data: Labelled,
  options: GaussianProcessClassifierOptions,
): GaussianProcessClassifier {
  const { kernel } = checkOptions("fitGaussianProcessClassifier()", options, ["kernel"]);
  checkFunction("kernel", kernel);
  const { X, labels } = checkLabelled(data), N = X.rows;
  const K = covarianceMatrix(kernel, rowsOf(X), rowsOf(X));
  let a = new Float64Array(N), last = -Infinity; // f = K a
  for (let iteration = 0; iteration < 100; iteration++) {
    const f = multiplyVector(K, a), p = f.map(sigmoid);
    const gradient = p.map((pn, n) => labels[n] - pn);
    const rootW = p.map((pn) => Math.sqrt(pn * (1 - pn)));
    const B = { ...K, data: K.data.slice() };
    for (let i = 0; i < N; i++) {
      for (let j = 0; j < N; j++) B.data[i * N + j] *= rootW[i] * rootW[j];
      B.data[i * N + i] += 1;
    }
    const L = cholesky(B);
    const value = f.reduce(
      (sum, fn, n) => sum - softplus(labels[n] === 1 ? -fn : fn),
      -dot(a, f) / 2,
    );
    if (Math.abs(value - last) <= 1e-13 * (1 + Math.abs(value))) {
      const logEvidence = value - choleskyLogDeterminant(L) / 2;
      return new GaussianProcessClassifier(kernel, { X, gradient, rootW, L, logEvidence });
    }
    const b = f.map((fn, n) => rootW[n] ** 2 * fn + gradient[n]);
    const right = multiplyVector(K, b).map((k, n) => rootW[n] * k);
    const solved = choleskySolve(L, { rows: N, columns: 1, data: right }).data;
    a = b.map((bn, n) => bn - rootW[n] * solved[n]);
    last = value;
  }
  throw new RangeError("Newton's method did not settle in 100 steps: take a smaller variance");
}

/** A two-class Gaussian process as fitted. */
export class GaussianProcessClassifier {
  /** The covariance function. */
  readonly kernel: Kernel<Float64Array>;
  /** log p(labels | X), Laplace's approximation, in nats. */
  readonly logEvidence: number;
  readonly #X: Matrix;
  /** ∇ log p(labels | f) at the mode. */
  readonly #gradient: Float64Array;
  /** √W at the mode, W = −∇∇ log p(labels | f). */
  readonly #rootW: Float64Array;
  /** L Lᵀ = I + √W K √W. */
  readonly #L: Matrix;

  /** The classifier from its latent mode. */
  constructor(
    kernel: Kernel<Float64Array>,
    fitted: {
      X: Matrix;
      gradient: Float64Array;
      rootW: Float64Array;
      L: Matrix;
      logEvidence: number;
    },
  ) {
    this.kernel = kernel;
    this.logEvidence = fitted.logEvidence;
    this.#X = fitted.X;
    this.#gradient = fitted.gradient;
    this.#rootW = fitted.rootW;
    this.#L = fitted.L;
  }

  /**
   * p(y | x, data) at each row of X (M × D), σ averaged over the Gaussian f(x) by quadrature.
   *
   * @throws {RangeError} where X has another number of columns than the training inputs.
   */
  predict(X: Matrix): Prediction {
    checkInputs(X, { columns: this.#X.columns });
    const inputs = rowsOf(X), k = covarianceMatrix(this.kernel, inputs, rowsOf(this.#X)); // M × N
    const mean = multiplyVector(k, this.#gradient);
    const weighted = transpose(k);
    for (let n = 0; n < weighted.rows; n++) {
      for (let m = 0; m < X.rows; m++) weighted.data[n * X.rows + m] *= this.#rootW[n];
    }
    const V = solveTriangular(this.#L, weighted), probabilities = zeros(X.rows, 2);
    for (let m = 0; m < X.rows; m++) {
      let variance = this.kernel(inputs[m], inputs[m]);
      for (let n = 0; n < V.rows; n++) variance -= V.data[n * X.rows + m] ** 2;
      const p = expectedSigmoid(mean[m], Math.max(variance, 0));
      probabilities.data.set([1 - p, p], 2 * m);
    }
    return { probabilities };
  }
}

const rowsOf = (X: Matrix) => Array.from({ length: X.rows }, (_, n) => row(X, n));
