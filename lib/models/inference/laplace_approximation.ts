/**
 * Laplace's approximation: the Gaussian at the mode of the posterior, with the curvature found there.
 *
 * p(θ | data) ≈ N(θ*, Σ), Σ = (H + I/σ²)⁻¹, H = Σ_n J_nᵀ Λ_n J_n, J_n = ∂a(x_n; θ*) / ∂θ, Λ_n = diag(p_n) − p_n p_nᵀ.
 * H is the exact Hessian of the negative log likelihood where logits are linear in θ (logistic regression, a
 * network's last layer), and the generalised Gauss–Newton matrix elsewhere.
 *
 * ```ts ignore
 * const laplace = fitLaplaceApproximation(train, { model, priorDeviation: 1 });
 * const { probabilities } = laplace.predict(test.X, { method: "probit" });
 * ```
 *
 * Source: MacKay, Neural Computation 4 (1992); Daxberger et al., Laplace Redux (2021).
 *
 * @module
 */
import { checkNumbers, checkOneOf, checkOptions, shown } from "../../checks.ts";
import { checkInputs, checkLabelled, checkPoints, type Labelled } from "../../data/labelled.ts";
import {
  cholesky,
  choleskyLogDeterminant,
  choleskySolve,
  diagonal,
  identity,
  type Matrix,
  multiplyVector,
  row,
  solveTriangular,
  symmetricEigen,
  transpose,
  zeros,
} from "../../linear_algebra/mod.ts";
import { normals, type Random } from "../../random.ts";
import { checkDraws, type DrawOptions } from "./draws.ts";
import { gaussNewton } from "./gauss_newton.ts";
import {
  checkMethod,
  type GaussianLogits,
  type LogitPrediction,
  predictFromLogits,
} from "./gaussian_logits.ts";
import { logitCurvature, logLikelihood } from "./likelihood.ts";
import { checkPriorDeviation, priorPrecisionOf } from "./prior.ts";
import { averaged, type Prediction, probabilitiesOf } from "./predictive.ts";

/** A classifier fitted to θ* that Laplace's approximation can expand: C logits (1 for two classes), P parameters. */
export interface ExpandableClassifier {
  /** θ*, P numbers. */
  readonly theta: Float64Array;
  /** N × C logits at each row of X (N × D), under θ* or the parameters given. */
  logits(X: Matrix, theta?: Float64Array): Matrix;
  /** ∂ logits / ∂θ at θ*, (N · C) × P: row n · C + c belongs to logit c of point n. */
  jacobian(X: Matrix): Matrix;
}

/** How the Gaussian over parameters becomes a probability: through that of the logits, or by draws of the parameters. */
export type LaplacePrediction =
  | LogitPrediction
  /** The mean of the model's own probabilities over draws of θ. */
  | { method: "sampling"; samples?: number; random: Random };

/** What Laplace's approximation is made of. */
export interface LaplaceOptions {
  /** The classifier, as fitted to the data under the same prior. */
  model: ExpandableClassifier;
  /** σ of the prior N(0, σ² I). */
  priorDeviation: number;
  /** The whole curvature, or its diagonal. */
  structure?: "full" | "diagonal";
}

/**
 * The expansion of a classifier around its parameters, on the data that it was fitted to.
 *
 * @throws {RangeError} where the data are no classification set or σ is not positive and finite.
 */
export function fitLaplaceApproximation(
  data: Labelled,
  options: LaplaceOptions,
): LaplaceApproximation {
  const { model, priorDeviation, structure = "full" } = checkOptions(
    "fitLaplaceApproximation()",
    options,
    ["model", "priorDeviation", "structure"],
  );
  checkExpandable(model);
  checkOneOf("structure", structure, ["full", "diagonal"]);
  checkPriorDeviation(priorDeviation);
  checkPoints(data);
  const logits = model.logits(data.X);
  checkLabelled(data, Math.max(2, logits.columns));
  const H = gaussNewton(model.jacobian(data.X), logitCurvature(logits));
  return new LaplaceApproximation(model, {
    priorDeviation,
    curvature: structure === "full" ? H : diagonal(diagonalOf(H)),
    logLikelihood: logLikelihood(logits, data.labels).value,
  });
}

function checkExpandable(model: ExpandableClassifier): void {
  if (
    !(model?.theta instanceof Float64Array && typeof model.logits === "function" &&
      typeof model.jacobian === "function")
  ) {
    throw new TypeError(
      `model is a fitted classifier with theta, logits() and jacobian(), got ${shown(model)}: ` +
        "give what fitLogisticRegression(), lastLayer() or allLayers() returns",
    );
  }
}

/** The Gaussian approximation of a classifier's posterior under the prior N(0, σ² I) on all parameters. */
export class LaplaceApproximation {
  /** The model that it expands. */
  readonly model: ExpandableClassifier;
  /** σ of the prior. */
  readonly priorDeviation: number;
  /** H, P × P (its diagonal alone where that was asked for). */
  readonly curvature: Matrix;
  /** log p(data | θ*). */
  readonly logLikelihood: number;
  /** L with L Lᵀ = Σ⁻¹. */
  readonly precisionCholesky: Matrix;

  /**
   * The approximation at the mode `model`, from the curvature there.
   *
   * @throws {RangeError} where σ is not positive and finite.
   */
  constructor(
    model: ExpandableClassifier,
    { priorDeviation, curvature, logLikelihood }: {
      priorDeviation: number;
      curvature: Matrix;
      logLikelihood: number;
    },
  ) {
    const precision = { ...curvature, data: curvature.data.slice() };
    const P = curvature.rows, priorPrecision = priorPrecisionOf(priorDeviation);
    for (let i = 0; i < P; i++) precision.data[i * P + i] += priorPrecision;
    this.model = model;
    this.priorDeviation = priorDeviation;
    this.curvature = curvature;
    this.logLikelihood = logLikelihood;
    this.precisionCholesky = cholesky(precision);
  }

  /** θ*, the mean of the approximation. */
  get mean(): Float64Array {
    return this.model.theta;
  }

  /** Σ, P × P. */
  get covariance(): Matrix {
    return choleskySolve(this.precisionCholesky, identity(this.mean.length));
  }

  /**
   * log p(data | σ) ≈ log p(data | θ*) − |θ*|²/(2σ²) − P log σ − ½ log det Σ⁻¹.
   *
   * Source: MacKay (1992), equation 4.
   */
  get logEvidence(): number {
    const sigma = this.priorDeviation, theta = this.mean;
    return this.logLikelihood - squaredNorm(theta) / (2 * sigma ** 2) -
      theta.length * Math.log(sigma) - choleskyLogDeterminant(this.precisionCholesky) / 2;
  }

  /** The same mode and curvature under another prior. */
  withPrior(priorDeviation: number): LaplaceApproximation {
    return new LaplaceApproximation(this.model, {
      priorDeviation,
      curvature: this.curvature,
      logLikelihood: this.logLikelihood,
    });
  }

  /**
   * The same mode and curvature under the prior of the largest `logEvidence`.
   *
   * With τ = 1/σ² and the eigenvalues λ_i of H it solves τ |θ*|² = Σ_i λ_i / (λ_i + τ), whose right side counts the
   * parameters that the data determine; the left side rises and the right side falls with τ, so bisection finds it.
   *
   * @throws {RangeError} where θ* is 0: then the evidence has no maximum.
   * Source: MacKay (1992), section 2.4.
   */
  withPriorOfLargestEvidence(): LaplaceApproximation {
    const norm = squaredNorm(this.mean);
    if (norm === 0) {
      throw new RangeError("The mode is 0: the evidence grows as the prior's deviation falls to 0");
    }
    const lambda = symmetricEigen(this.curvature).values.map((value) => Math.max(value, 0));
    let low = -50, high = 50; // of log τ
    for (let step = 0; step < 100; step++) {
      const middle = (low + high) / 2, precision = Math.exp(middle);
      const determined = lambda.reduce((sum, value) => sum + value / (value + precision), 0);
      if (precision * norm < determined) low = middle;
      else high = middle;
    }
    return this.withPrior(Math.exp(-low / 2));
  }

  /**
   * log N(`theta` | θ*, Σ).
   *
   * @throws {TypeError | RangeError} where `theta` are not P finite numbers.
   */
  logDensity(theta: Float64Array): number {
    const L = this.precisionCholesky, P = this.mean.length;
    checkNumbers("theta", theta, { length: P });
    const z = multiplyVector(transpose(L), theta.map((t, i) => t - this.mean[i]));
    return (choleskyLogDeterminant(L) - squaredNorm(z) - P * Math.log(2 * Math.PI)) / 2;
  }

  /** Draws of θ, one a row (S × P). */
  sample(options: DrawOptions): Matrix {
    const { random, samples } = checkDraws("sample()", options);
    const P = this.mean.length;
    const Z = { rows: P, columns: samples, data: normals(random, P * samples) };
    const draws = transpose(solveTriangular(this.precisionCholesky, Z, { transposed: true }));
    for (let s = 0; s < samples; s++) {
      const theta = row(draws, s);
      for (let i = 0; i < P; i++) theta[i] += this.mean[i];
    }
    return draws;
  }

  /** Mean (N × C) and covariance (N of C × C) of the logits at each row of X, J_n Σ J_nᵀ. */
  logits(X: Matrix): GaussianLogits {
    checkInputs(X);
    const mean = this.model.logits(X), C = mean.columns;
    const V = transpose(
      solveTriangular(this.precisionCholesky, transpose(this.model.jacobian(X))),
    );
    const covariances = Array.from({ length: X.rows }, (_, n) => {
      const result = zeros(C, C);
      for (let c = 0; c < C; c++) {
        for (let d = 0; d < C; d++) {
          const v = row(V, n * C + c), w = row(V, n * C + d);
          let sum = 0;
          for (let i = 0; i < v.length; i++) sum += v[i] * w[i];
          result.data[c * C + d] = sum;
        }
      }
      return result;
    });
    return { mean, covariances };
  }

  /**
   * p(y | x, data) at each row of X (N × D).
   *
   * @throws {RangeError} where the number of samples is not whole and positive.
   * @throws {TypeError} where draws are needed and there is no `random`.
   */
  predict(X: Matrix, how: LaplacePrediction = { method: "probit" }): Prediction {
    checkInputs(X);
    checkMethod(how, ["probit", "linearised", "sampling"]);
    if (how.method !== "sampling") return predictFromLogits(this.logits(X), how);
    const draws = this.sample({ random: how.random, samples: how.samples });
    return averaged(
      Array.from(
        { length: draws.rows },
        (_, s) => probabilitiesOf(this.model.logits(X, row(draws, s))),
      ),
    );
  }
}

function diagonalOf(A: Matrix): Float64Array {
  return Float64Array.from({ length: A.rows }, (_, i) => A.data[i * A.columns + i]);
}

function squaredNorm(v: Float64Array): number {
  return v.reduce((sum, x) => sum + x * x, 0);
}
