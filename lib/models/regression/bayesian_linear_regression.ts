/**
 * Bayesian linear regression with a Gaussian prior: everything about it is exact.
 *
 * Bishop, Pattern Recognition and Machine Learning (2006), sections 3.3 and 3.5.
 *
 * @module
 */
import {
  choleskyOfGram,
  choleskySolve,
  diagonal,
  dot,
  identity,
  type Matrix,
  multiply,
  multiplyVector,
  row,
  solveTriangular,
  transpose,
  zeros,
} from "../../linear_algebra/mod.ts";
import { checkBetween, checkOptions, checkPositive } from "../../checks.ts";
import { normals } from "../../random.ts";
import { checkDraws, type DrawOptions } from "../inference/draws.ts";
import { type Basis, checkBasis, designMatrix } from "./bases.ts";
import { checkRegressionData, type RegressionData } from "./data.ts";

/** What a linear model is made of. */
export interface LinearRegressionOptions<Input = number> {
  /** φ_1, …, φ_M. */
  readonly basis: Basis<Input>;
  /** Precision of the prior on each weight. */
  readonly alpha: number;
  /** Precision of the noise, 1/σ². */
  readonly beta: number;
}

/** The Gaussian predictive distribution of a new target at each of N inputs. */
export interface GaussianPrediction {
  /** mᵀφ(x), N of them. */
  readonly mean: Float64Array;
  /** `noiseVariance` + `modelVariance`, N of them, in squared units of y. */
  readonly variance: Float64Array;
  /** 1/beta: what is left when the weights are known. */
  readonly noiseVariance: number;
  /** φ(x)ᵀ Σ φ(x), N of them: what more data would take away. */
  readonly modelVariance: Float64Array;
}

/** The Gaussian N(m, Σ) over the M weights after the data. */
export interface Posterior {
  /** m, M entries. */
  readonly mean: Float64Array;
  /** Σ = (alpha I + beta ΦᵀΦ)⁻¹, M × M. */
  readonly covariance: Matrix;
  /** The lower triangular L, M × M, with Σ⁻¹ = L Lᵀ. */
  readonly precisionCholesky: Matrix;
}

/**
 * The model that has seen `data`.
 *
 * @throws {RangeError} where alpha is negative, beta is not positive, or the data are not N finite inputs and targets.
 * @example
 * ```ts
 * import { polynomial } from "./bases.ts";
 * import { fitBayesianLinearRegression } from "./bayesian_linear_regression.ts";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const data = { x: [0, 1, 2], y: [1, 3, 5] };
 * const model = fitBayesianLinearRegression(data, {
 *   basis: polynomial({ degree: 1 }),
 *   alpha: 0,
 *   beta: 1,
 * });
 * assertAlmostEquals(model.posterior.mean[1], 2); // the slope of y = 1 + 2x
 * assertAlmostEquals(model.predict([1]).variance[0], 1 + 1 / 3); // least at the mean of the inputs
 * ```
 */
export function fitBayesianLinearRegression<Input = number>(
  data: RegressionData<Input>,
  options: LinearRegressionOptions<Input>,
): BayesianLinearRegression<Input> {
  return new BayesianLinearRegression(options).update(data);
}

/**
 * y = wᵀφ(x) + ε with w ~ N(0, I/alpha) and ε ~ N(0, 1/beta).
 *
 * A model is immutable. A new one is the prior; `update(data)` gives the model that has seen the data too, the same
 * whether they come at once or one by one, and `fitBayesianLinearRegression()` does both. `alpha` = 0 is the flat prior,
 * least squares: its posterior needs a design Φ of full column rank.
 *
 * All that the data say is in one triangular matrix, the Cholesky factor of
 *
 *     [ alpha I + beta ΦᵀΦ   beta Φᵀy ]   [ L        ] [ Lᵀ  Lᵀm ]
 *     [ beta yᵀΦ             beta yᵀy ] = [ mᵀL   ρ  ] [      ρ  ]
 *
 * which Householder QR takes from the rows of Φ, with ρ² = beta ‖y − Φm‖² + alpha ‖m‖². The Gram matrix is neither formed
 * nor inverted, so the posterior stays right where that matrix is near singular.
 *
 * @example
 * ```ts
 * import { polynomial } from "./bases.ts";
 * import { BayesianLinearRegression } from "./bayesian_linear_regression.ts";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const prior = new BayesianLinearRegression({ basis: polynomial({ degree: 1 }), alpha: 1, beta: 4 });
 * const model = prior.update({ x: [0], y: [1] });
 * assertAlmostEquals(model.posterior.mean[0], 4 / 5); // of the intercept: four parts data, one part prior
 * assertEquals(model.update({ x: [], y: [] }).posterior.mean, model.posterior.mean);
 * ```
 */
export class BayesianLinearRegression<Input = number> {
  /** The basis functions. */
  readonly basis: Basis<Input>;
  /** Precision of the prior on each weight. */
  readonly alpha: number;
  /** Precision of the noise, 1/σ². */
  readonly beta: number;
  #count = 0;
  #factor: Matrix;
  #posterior?: Posterior;

  /**
   * The prior, before any data.
   *
   * @throws {RangeError} where alpha is negative or beta is not positive.
   */
  constructor(options: LinearRegressionOptions<Input>) {
    const { basis, alpha, beta } = checkOptions("A Bayesian linear regression", options, [
      "basis",
      "alpha",
      "beta",
    ]);
    this.basis = checkBasis(basis);
    this.alpha = checkBetween("alpha, the prior precision,", alpha, {
      low: 0,
      high: Infinity,
      open: ["high"],
    });
    this.beta = checkPositive("beta, the noise precision,", beta);
    const M = basis.length, root = Math.sqrt(alpha);
    this.#factor = diagonal(Float64Array.from({ length: M + 1 }, (_, j) => j < M ? root : 0));
  }

  /** N, the number of points seen. */
  get count(): number {
    return this.#count;
  }

  /**
   * The model that has seen `x` and `y` too.
   *
   * @throws {TypeError} where x or y is no array of numbers.
   * @throws {RangeError} where the lengths differ, a number is not finite, or their squares overflow.
   */
  update(data: RegressionData<Input>): BayesianLinearRegression<Input> {
    const { x, y: targets } = checkRegressionData(data);
    const M = this.basis.length, N = x.length, b = Math.sqrt(this.beta);
    const Phi = designMatrix(this.basis, x);
    const rows = zeros(M + 1 + N, M + 1);
    rows.data.set(transpose(this.#factor).data);
    for (let i = 0; i < N; i++) {
      const r = row(rows, M + 1 + i);
      row(Phi, i).forEach((phi, j) => r[j] = b * phi);
      r[M] = b * targets[i];
    }
    const { basis, alpha, beta } = this;
    const updated = new BayesianLinearRegression({ basis, alpha, beta });
    updated.#factor = choleskyOfGram(rows);
    if (!updated.#factor.data.every(Number.isFinite)) {
      throw new RangeError(
        "x or y is too large to compute with: the sums of squares of basis functions and targets overflow",
      );
    }
    updated.#count = this.#count + N;
    return updated;
  }

  /**
   * N(m, Σ) over the weights.
   *
   * @throws {RangeError} where alpha = 0 and the inputs seen do not determine every weight.
   */
  get posterior(): Posterior {
    if (this.#posterior) return this.#posterior;
    const M = this.basis.length, L = zeros(M, M);
    for (let j = 0; j < M; j++) row(L, j).set(row(this.#factor, j).subarray(0, M));
    this.#assertDetermined(L);
    const z = { rows: M, columns: 1, data: row(this.#factor, M).slice(0, M) };
    this.#posterior = {
      mean: solveTriangular(L, z, { transposed: true }).data,
      covariance: choleskySolve(L, identity(M)),
      precisionCholesky: L,
    };
    return this.#posterior;
  }

  /**
   * p(y | x, data) at each of the inputs `x`.
   *
   * @throws {RangeError} as `posterior` does, or where an input is not finite.
   */
  predict(x: ArrayLike<Input>): GaussianPrediction {
    const { mean, precisionCholesky } = this.posterior;
    const Phi = designMatrix(this.basis, x), noiseVariance = 1 / this.beta;
    const V = transpose(solveTriangular(precisionCholesky, transpose(Phi))); // N × M, rows L⁻¹φ(x)
    const modelVariance = Float64Array.from(x, (_, i) => dot(row(V, i), row(V, i)));
    return {
      mean: multiplyVector(Phi, mean),
      variance: modelVariance.map((v) => noiseVariance + v),
      noiseVariance,
      modelVariance,
    };
  }

  /** Draws of the weights from the posterior, one a row (S × M): m + L⁻ᵀ u with u standard normal. */
  sample(options: DrawOptions): Matrix {
    const { random, samples } = checkDraws("sample()", options);
    const { mean, precisionCholesky } = this.posterior, M = mean.length;
    const u = { rows: M, columns: samples, data: normals(random, M * samples) };
    const W = transpose(solveTriangular(precisionCholesky, u, { transposed: true }));
    for (let s = 0; s < samples; s++) {
      row(W, s).forEach((w, j, weights) => weights[j] = w + mean[j]);
    }
    return W;
  }

  /** Functions wᵀφ drawn from the posterior, one a row, at the inputs `x` (S × N); without noise. */
  sampleFunctions(x: ArrayLike<Input>, options: DrawOptions): Matrix {
    return multiply(this.sample(options), designMatrix(this.basis, x), { transposeB: true });
  }

  /**
   * The log evidence log p(y | x, alpha, beta) of the data seen, in nats:
   * M/2 log alpha + N/2 log(beta/2π) − ρ²/2 − log det L.
   *
   * @throws {RangeError} where alpha = 0: a flat prior gives every data set probability zero.
   */
  get logEvidence(): number {
    if (this.alpha === 0) throw new RangeError("The evidence needs a proper prior: give alpha > 0");
    const M = this.basis.length, F = this.#factor;
    let sum = (M * Math.log(this.alpha) + this.#count * Math.log(this.beta / (2 * Math.PI)) -
      row(F, M)[M] ** 2) / 2;
    for (let j = 0; j < M; j++) sum -= Math.log(row(F, j)[j]);
    return sum;
  }

  #assertDetermined(L: Matrix): void {
    for (let j = 0; j < L.rows; j++) {
      const length = Math.hypot(...row(L, j)); // of column j of [√alpha I; √beta Φ]
      if (L.data[j * L.rows + j] > Number.EPSILON * Math.max(this.#count, L.rows) * length) {
        continue;
      }
      throw new RangeError(
        `alpha = ${this.alpha} leaves weight ${j} undetermined: ` +
          `the ${this.#count} points seen do not tell ${L.rows} basis functions apart. ` +
          "Give a larger alpha, more distinct inputs or fewer functions",
      );
    }
  }
}
