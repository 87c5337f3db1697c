/**
 * The posterior of a two-class logistic regression with few parameters, by quadrature: the truth that approximations
 * are measured against.
 *
 * The posterior is log-concave, so the region that matters is convex: a lattice, scaled by the curvature at the mode, is
 * filled from there until the density has fallen by e^−28. On it the trapezoid rule converges faster than any power of the
 * step (Trefethen and Weideman, SIAM Review 56 (2014)).
 *
 * ```ts ignore
 * const truth = fitExactPosterior(train, { priorDeviation: 1 });
 * truth.logEvidence;
 * const { probabilities } = truth.predict(grid);
 * ```
 *
 * @module
 */
import { checkBetween, checkFunction, checkNumbers, checkOptions, shown } from "../../checks.ts";
import { checkInputs, checkLabelled, type Labelled } from "../../data/labelled.ts";
import {
  choleskyLogDeterminant,
  dot,
  identity,
  type Matrix,
  multiplyVector,
  row,
  solveTriangular,
  transpose,
  zeros,
} from "../../linear_algebra/mod.ts";
import { checkPriorDeviation } from "../inference/prior.ts";
import { fitLaplaceApproximation } from "../inference/laplace_approximation.ts";
import { fillLattice, type Lattice, momentsOf } from "./lattice.ts";
import { fitLogisticRegression } from "./logistic_regression.ts";
import { type Prediction, sigmoid } from "../inference/predictive.ts";

/** What `fitExactPosterior()` knows: the lattice, whose `logEvidence` is log p(data | σ) in nats, and what follows from it. */
export interface ExactPosterior extends Lattice {
  /** The posterior mean of θ. */
  readonly mean: Float64Array;
  /** P × P. */
  readonly covariance: Matrix;
  /** E (θ_i − mean_i)³ / covariance_ii^{3/2}: 0 for every Gaussian. */
  readonly skewness: Float64Array;
  /** p(y | x, data) at each row of X, accurate to 1e-5 while the logit's deviation is below 3. */
  predict(X: Matrix): Prediction;
  /** The density of `coefficients` · θ, on a lattice of its own that is aligned with it. */
  marginal(coefficients: ArrayLike<number>): Marginal;
}

/** The density of one linear function of the parameters, at equally spaced values. */
export interface Marginal {
  /** Where the density is evaluated. */
  readonly values: Float64Array;
  /** The density there. */
  readonly density: Float64Array;
}

/**
 * The posterior of θ = (w, b), P = D + 1 ≤ 4, under the prior N(0, σ² I).
 *
 * @param options σ, and the lattice's `step` in standard deviations of Laplace's approximation.
 * @throws {RangeError} where the data cannot be fitted, there are too many parameters, or the posterior is too wide or
 * too far from a Gaussian for a lattice of this step.
 */
export function fitExactPosterior(
  data: Labelled,
  options: { priorDeviation: number; step?: number },
): ExactPosterior {
  const { priorDeviation, step = 0.5 } = checkOptions("fitExactPosterior()", options, [
    "priorDeviation",
    "step",
  ]);
  checkPriorDeviation(priorDeviation);
  checkBetween("step, in standard deviations,", step, { low: 0, high: 1, open: ["low"] });
  const P = checkLabelled(data).X.columns + 1;
  if (P > 4) {
    throw new RangeError(
      `A lattice serves at most 4 parameters, got ${P}: draw by Hamiltonian Monte Carlo instead`,
    );
  }
  const model = fitLogisticRegression(data, { priorDeviation });
  const { precisionCholesky, mean: centre } = fitLaplaceApproximation(data, {
    model,
    priorDeviation,
  });
  // θ = mode + basis z: the covariance of Laplace's approximation is basis basisᵀ.
  const basis = solveTriangular(precisionCholesky, identity(P), { transposed: true });
  const cell = step ** P * Math.exp(-choleskyLogDeterminant(precisionCholesky) / 2);
  const logJoint = logJointOf(data, priorDeviation);
  const lattice = fillLattice(logJoint, { centre, basis, step, cell });
  return {
    ...lattice,
    ...momentsOf(lattice),
    predict: (X) => ({ probabilities: predictFromNodes(lattice, X) }),
    marginal(coefficients) {
      checkNumbers("coefficients", coefficients, { length: P });
      const a = multiplyVector(transpose(basis), coefficients);
      const aligned = reflected(basis, a);
      for (let i = 0; i < P; i++) aligned.data[i * P + P - 1] *= FINER; // along the function, which is all that remains
      const lattice = fillLattice(logJoint, { centre, basis: aligned, step, cell: cell * FINER });
      return marginalOf(lattice, { coefficients, spacing: step * FINER * Math.sqrt(dot(a, a)) });
    },
  };
}

const FINER = 0.5;

/**
 * E σ(a) under the density of a, at any width: the density is read between its values by sinc interpolation, exact
 * for a band-limited function, on a grid fine enough for the sigmoid.
 */
export function expectedSigmoidUnder(marginal: Marginal): number {
  if (!marginal?.values || !marginal.density) {
    throw new TypeError(
      `marginal is what marginal() of a posterior returns, got ${shown(marginal)}`,
    );
  }
  const { values, density } = marginal;
  const h = values[1] - values[0], refine = Math.max(1, Math.ceil(h / 0.75));
  let sum = 0, mass = 0;
  for (let j = 0; j <= (values.length - 1) * refine; j++) {
    const t = j / refine; // in steps of h
    let p = 0;
    if (j % refine === 0) p = density[t];
    else {
      for (let i = 0; i < values.length; i++) {
        p += (i % 2 === 0 ? density[i] : -density[i]) / (t - i);
      }
      p *= Math.sin(Math.PI * t) / Math.PI; // Σ_i density_i sinc(t − i)
    }
    sum += p * sigmoid(values[0] + t * h);
    mass += p;
  }
  return Math.min(1, Math.max(0, sum / mass)); // rounding and interpolation may pass the ends
}

/**
 * ½ ∫ |p(θ | data) − q(θ)| dθ in [0, 1]: the total variation distance from a density q.
 *
 * Where the two densities cross, the integrand has a kink: with the default step the result is right to about 0.005,
 * with a step of 0.25 to about 0.0005.
 *
 * @throws {TypeError} where `posterior` is none of `fitExactPosterior()`, or `logDensity` is no function.
 */
export function totalVariationFromDensity(
  posterior: ExactPosterior,
  logDensity: (theta: Float64Array) => number,
): number {
  const { nodes, weights, cell } = checkPosterior(posterior);
  checkFunction("logDensity", logDensity);
  let difference = 0, mass = 0;
  for (let m = 0; m < weights.length; m++) {
    const q = Math.exp(logDensity(row(nodes, m))) * cell;
    difference += Math.abs(weights[m] - q);
    mass += q;
  }
  return (difference + Math.max(0, 1 - mass)) / 2; // what q has where the posterior has nothing
}

function checkPosterior(posterior: ExactPosterior): ExactPosterior {
  if (posterior?.nodes && posterior.weights && posterior.cell > 0) return posterior;
  throw new TypeError(
    `posterior is what fitExactPosterior() returns, got ${shown(posterior)}`,
  );
}

/** log p(labels, θ), by one exponential a point: Σ log(1 + e^−|a|) is the logarithm of a product. */
function logJointOf({ X, labels }: Labelled, sigma: number): (theta: Float64Array) => number {
  const D = X.columns;
  const logNormaliser = (D + 1) * Math.log(sigma * Math.sqrt(2 * Math.PI));
  return (theta) => {
    let sum = -dot(theta, theta) / (2 * sigma * sigma) - logNormaliser, product = 1;
    for (let n = 0, k = 0; n < labels.length; n++) {
      let a = theta[D];
      for (let d = 0; d < D; d++, k++) a += theta[d] * X.data[k];
      if (labels[n] === 0) a = -a;
      if (a < 0) sum += a;
      const size = Math.abs(a);
      if (size < 37) product *= 1 + Math.exp(-size); // beyond, the factor is 1
      if (product > 1e290) {
        sum -= Math.log(product);
        product = 1;
      }
    }
    return sum - Math.log(product);
  };
}

const NEGLIGIBLE = 1e-10; // weight of a node that predictions leave out: together less than 1e-6

function predictFromNodes({ nodes, weights }: Lattice, X: Matrix): Matrix {
  const D = nodes.columns - 1;
  checkInputs(X, { columns: D });
  const result = zeros(X.rows, 2);
  for (let n = 0; n < X.rows; n++) {
    const x = row(X, n);
    let p = 0, mass = 0;
    for (let m = 0; m < weights.length; m++) {
      if (weights[m] < NEGLIGIBLE) continue;
      const theta = row(nodes, m);
      let a = theta[D];
      for (let d = 0; d < D; d++) a += theta[d] * x[d];
      p += weights[m] * sigmoid(a);
      mass += weights[m];
    }
    result.data.set([(mass - p) / mass, p / mass], 2 * n);
  }
  return result;
}

/** `basis` (I − 2 v vᵀ / vᵀv), whose last axis points along a: a Householder reflection. */
function reflected(basis: Matrix, a: Float64Array): Matrix {
  const v = a.slice();
  v[v.length - 1] += Math.sign(a.at(-1)! || 1) * Math.sqrt(dot(a, a));
  const basisV = multiplyVector(basis, v), scale = 2 / dot(v, v);
  return {
    ...basis,
    data: basis.data.map((entry, k) =>
      entry - scale * basisV[Math.floor(k / v.length)] * v[k % v.length]
    ),
  };
}

function marginalOf(
  { nodes, weights }: Lattice,
  { coefficients, spacing }: { coefficients: ArrayLike<number>; spacing: number },
): Marginal {
  const planes = multiplyVector(nodes, coefficients).map((value) => value / spacing);
  const first = planes.reduce((a, b) => Math.min(a, b));
  const last = planes.reduce((a, b) => Math.max(a, b));
  const density = new Float64Array(Math.round(last - first) + 1);
  planes.forEach((plane, m) => density[Math.round(plane - first)] += weights[m] / spacing);
  return { values: density.map((_, i) => (first + i) * spacing), density };
}
