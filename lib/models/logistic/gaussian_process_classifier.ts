/**
 * Gaussian-process classification by Laplace's approximation: a classifier that forgets its training data far from it.
 *
 * Latent f ~ GP(0, k), k(x, x') = `variance` exp(−|x − x'|² / (2 `length`²)), p(y = 1 | x) = σ(f(x)).
 *
 * ```ts ignore
 * const process = GaussianProcessClassifier.fit(train, { variance: 10, length: 2 });
 * process.predict(grid); // ½ far away, where k(x, x_n) is 0 for all n
 * ```
 *
 * Source: Rasmussen and Williams, Gaussian Processes for Machine Learning (2006), algorithms 3.1 and 3.2.
 *
 * @module
 */
import { checkLabelled, type Labelled } from "../../data/labelled.ts";
import {
  cholesky,
  choleskyLogDeterminant,
  choleskySolve,
  dot,
  type Matrix,
  multiplyVector,
  row,
  shape,
  solveTriangular,
  transpose,
  zeros,
} from "../../linear_algebra/mod.ts";
import { expectedSigmoid } from "../inference/gaussian_expectation.ts";
import { type Prediction, sigmoid, softplus } from "../inference/predictive.ts";

/** The prior over latent functions: the variance of f(x) in squared logits, and the length over which f changes. */
export interface SquaredExponentialPrior {
  variance: number;
  length: number;
}

/** A two-class Gaussian process as fitted. */
export class GaussianProcessClassifier {
  readonly prior: SquaredExponentialPrior;
  /** log p(labels | X), Laplace's approximation, in nats. */
  readonly logEvidence: number;
  readonly #X: Matrix;
  /** ∇ log p(labels | f) at the mode. */
  readonly #gradient: Float64Array;
  /** √W at the mode, W = −∇∇ log p(labels | f). */
  readonly #rootW: Float64Array;
  /** L Lᵀ = I + √W K √W. */
  readonly #L: Matrix;

  private constructor(
    prior: SquaredExponentialPrior,
    fitted: {
      X: Matrix;
      gradient: Float64Array;
      rootW: Float64Array;
      L: Matrix;
      logEvidence: number;
    },
  ) {
    this.prior = prior;
    this.logEvidence = fitted.logEvidence;
    this.#X = fitted.X;
    this.#gradient = fitted.gradient;
    this.#rootW = fitted.rootW;
    this.#L = fitted.L;
  }

  /**
   * The mode of p(f | labels) by Newton's method, and the curvature there, in O(N³).
   *
   * @throws {RangeError} where the data are no two-class set, or `variance` or `length` is not positive and finite.
   */
  static fit(data: Labelled, prior: SquaredExponentialPrior): GaussianProcessClassifier {
    const { X, labels } = checkLabelled(data), N = X.rows;
    for (const [name, value] of Object.entries(prior)) {
      if (!(value > 0) || value === Infinity) {
        throw new RangeError(`The prior's ${name} is positive and finite, got ${value}`);
      }
    }
    const K = covariances(prior, X, X);
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
        return new GaussianProcessClassifier(prior, { X, gradient, rootW, L, logEvidence });
      }
      const b = f.map((fn, n) => rootW[n] ** 2 * fn + gradient[n]);
      const right = multiplyVector(K, b).map((k, n) => rootW[n] * k);
      const solved = choleskySolve(L, { rows: N, columns: 1, data: right }).data;
      a = b.map((bn, n) => bn - rootW[n] * solved[n]);
      last = value;
    }
    throw new RangeError("Newton's method did not settle in 100 steps: take a smaller variance");
  }

  /**
   * p(y | x, data) at each row of X (M × D), σ averaged over the Gaussian f(x) by quadrature.
   *
   * @throws {RangeError} where X has another number of columns than the training inputs.
   */
  predict(X: Matrix): Prediction {
    if (X.columns !== this.#X.columns) {
      throw new RangeError(`The inputs are M × ${this.#X.columns}, got ${shape(X)}`);
    }
    const k = covariances(this.prior, X, this.#X); // M × N
    const mean = multiplyVector(k, this.#gradient);
    const weighted = transpose(k);
    for (let n = 0; n < weighted.rows; n++) {
      for (let m = 0; m < X.rows; m++) weighted.data[n * X.rows + m] *= this.#rootW[n];
    }
    const V = solveTriangular(this.#L, weighted), probabilities = zeros(X.rows, 2);
    for (let m = 0; m < X.rows; m++) {
      let variance = this.prior.variance;
      for (let n = 0; n < V.rows; n++) variance -= V.data[n * X.rows + m] ** 2;
      const p = expectedSigmoid(mean[m], Math.max(variance, 0));
      probabilities.data.set([1 - p, p], 2 * m);
    }
    return { probabilities };
  }
}

/** k(a, b) for every row a of A and b of B. */
function covariances({ variance, length }: SquaredExponentialPrior, A: Matrix, B: Matrix): Matrix {
  const result = zeros(A.rows, B.rows);
  for (let i = 0; i < A.rows; i++) {
    for (let j = 0; j < B.rows; j++) {
      const a = row(A, i), b = row(B, j);
      let squared = 0;
      for (let d = 0; d < a.length; d++) squared += (a[d] - b[d]) ** 2;
      result.data[i * B.rows + j] = variance * Math.exp(-squared / (2 * length ** 2));
    }
  }
  return result;
}
