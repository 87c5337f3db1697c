/**
 * Mean-field variational inference for logistic regression: the linear variational layer under a sigmoid or softmax.
 *
 * It maximises ELBO(q) = E_q log p(labels | X, θ) − KL(q ‖ N(0, s² I)) ≤ log p(labels | X) over q(θ) = N(μ, diag σ²).
 *
 * ```ts ignore
 * const variational = fitVariationalLogisticRegression(train, { random: seeded(1), priorDeviation: 1 });
 * variational.elbo; // after each epoch
 * const { probabilities } = variational.predict(test.X, { random: seeded(2) });
 * ```
 *
 * @module
 */
import { checkOptions, shown } from "../../checks.ts";
import { checkInputs, checkLabelled, type Labelled } from "../../data/labelled.ts";
import {
  cholesky,
  choleskySolve,
  diagonal,
  dot,
  type Matrix,
  row,
  zeros,
} from "../../linear_algebra/mod.ts";
import type { DrawOptions } from "../inference/draws.ts";
import { checkPriorDeviation, priorPrecisionOf } from "../inference/prior.ts";
import {
  expectedSigmoid,
  expectedSlopes,
  expectedSoftplus,
} from "../inference/gaussian_expectation.ts";
import { LinearVariational } from "../perceptron/linear_variational.ts";
import { fitLogisticRegression } from "./logistic_regression.ts";
import { predictUnder } from "../perceptron/network_classifier.ts";
import type { Prediction } from "../inference/predictive.ts";
import {
  fitVariationalNetwork,
  type VariationalOptions,
  variationalOptions,
} from "../perceptron/variational_network.ts";

/**
 * By Adam on estimates of the ELBO from one draw a batch, for K ≥ 2 classes.
 *
 * @throws {RangeError} where the data or an option cannot be used, or training diverges.
 */
export function fitVariationalLogisticRegression(
  data: Labelled,
  options: Omit<VariationalOptions, "hidden">,
): VariationalLogisticRegression {
  const { priorDeviation = 1 } = checkOptions(
    "fitVariationalLogisticRegression()",
    options,
    variationalOptions.filter((name) => name !== "hidden"),
  );
  const { sizes, mean, deviation, elbo } = fitVariationalNetwork(data, {
    ...options,
    priorDeviation,
    hidden: [],
  });
  const layer = new LinearVariational({ mean, deviation, inputs: sizes[0], outputs: sizes[1] });
  return new VariationalLogisticRegression(layer, { priorDeviation, elbo });
}

/**
 * The maximum of the ELBO for two classes, without draws: expectations over each point's one-dimensional activation
 * by quadrature, and Newton's method in (μ, σ), in which the ELBO is concave.
 *
 * @throws {RangeError} where the data cannot be fitted or s is not positive and finite.
 * Source: Challis and Barber, Gaussian Kullback–Leibler Approximate Inference, JMLR 14 (2013), for the concavity.
 */
export function fitVariationalLogisticRegressionByQuadrature(
  data: Labelled,
  options: { priorDeviation?: number } = {},
): VariationalLogisticRegression {
  const { priorDeviation = 1 } = checkOptions(
    "fitVariationalLogisticRegressionByQuadrature()",
    options,
    ["priorDeviation"],
  );
  checkPriorDeviation(priorDeviation);
  const { theta } = fitLogisticRegression(data, { priorDeviation });
  const inputs = data.X.columns, P = theta.length;
  const at = (psi: Float64Array) =>
    new LinearVariational({
      mean: psi.subarray(0, P),
      deviation: psi.subarray(P),
      inputs,
      outputs: 1,
    });
  const elboOf = (psi: Float64Array) =>
    expectedLogLikelihood(at(psi), data) - at(psi).divergence(priorDeviation);
  let psi = new Float64Array(2 * P).fill(priorDeviation / Math.sqrt(1 + data.labels.length));
  psi.set(theta); // ψ = (μ, σ)
  const elbo = [elboOf(psi)];
  for (let pass = 0; pass < 100; pass++) {
    const { gradient, curvature } = derivatives(psi, { data, priorDeviation });
    const right = { rows: 2 * P, columns: 1, data: gradient };
    const step = choleskySolve(cholesky(curvature), right).data;
    if (dot(step, gradient) < 1e-24) break; // twice the nats still to gain
    const last = elbo.at(-1)!;
    for (let scale = 1; scale > 1e-12; scale /= 2) {
      const next = psi.map((value, i) => value + scale * step[i]);
      if (next.subarray(P).some((sigma) => sigma <= 0)) continue;
      const reached = elboOf(next);
      if (reached < last - 1e-13 * Math.abs(last)) continue;
      psi = next;
      elbo.push(reached);
      break;
    }
  }
  return new VariationalLogisticRegression(at(psi), {
    priorDeviation,
    elbo: Float64Array.from(elbo),
  });
}

/** A variational logistic regression as fitted. */
export class VariationalLogisticRegression {
  /** The layer that holds the variational parameters. */
  readonly layer: LinearVariational;
  /** s of the prior. */
  readonly priorDeviation: number;
  /** The ELBO after each pass of the fit, in nats: estimated from draws, or exact for a fit by quadrature. */
  readonly elbo: Float64Array;

  /** The model with the variational parameters of `layer`. */
  constructor(
    layer: LinearVariational,
    options: { priorDeviation: number; elbo?: Float64Array },
  ) {
    const { priorDeviation, elbo = new Float64Array() } = checkOptions(
      "VariationalLogisticRegression",
      options,
      ["priorDeviation", "elbo"],
    );
    checkPriorDeviation(priorDeviation);
    this.layer = checkLayer(layer);
    this.priorDeviation = priorDeviation;
    this.elbo = elbo;
  }

  /**
   * p(y | x) averaged over q: from draws of θ where there is a `random`, else, for two classes, by quadrature over
   * the Gaussian logit.
   *
   * @throws {RangeError} where the number of samples is not whole and positive.
   * @throws {TypeError} where there are more than two classes and no `random`.
   */
  predict(
    X: Matrix,
    options: Partial<DrawOptions> = {},
  ): Prediction {
    const { random, samples } = checkOptions("predict()", options, ["random", "samples"]);
    const { sizes } = this.layer;
    checkInputs(X, { columns: sizes[0] });
    if (random !== undefined) return predictUnder(this.layer.sample({ random, samples }), sizes, X);
    if (samples !== undefined) {
      throw new TypeError("predict() with samples draws: give random too, such as seeded(1)");
    }
    if (sizes[1] > 1) {
      throw new TypeError(
        "Predictions for more than two classes draw: pass `random`, such as seeded(1)",
      );
    }
    const { mean, variance } = this.layer.activations(X), probabilities = zeros(X.rows, 2);
    mean.data.forEach((m, n) => {
      const p = expectedSigmoid(m, variance.data[n]);
      probabilities.data.set([1 - p, p], 2 * n);
    });
    return { probabilities };
  }
}

/**
 * E_q log p(labels | X, θ) in nats for two classes, from the Gaussian activation of each point.
 *
 * @throws {RangeError} where the layer has more than one output or the labels are not 0 and 1.
 */
export function expectedLogLikelihood(layer: LinearVariational, data: Labelled): number {
  if (checkLayer(layer).sizes[1] !== 1) {
    throw new RangeError(`Quadrature serves one logit, and the layer has ${layer.sizes[1]}`);
  }
  const { X, labels } = checkLabelled(data), { mean, variance } = layer.activations(X);
  let sum = 0;
  for (let n = 0; n < X.rows; n++) {
    const m = mean.data[n];
    sum -= expectedSoftplus(labels[n] === 1 ? -m : m, variance.data[n]);
  }
  return sum;
}

function checkLayer(layer: LinearVariational): LinearVariational {
  if (layer instanceof LinearVariational) return layer;
  throw new TypeError(`layer is a LinearVariational, got ${shown(layer)}`);
}

/**
 * The gradient of the ELBO with respect to ψ = (μ, σ), and minus its Hessian.
 *
 * A point's activation is m + s z, m = μᵀφ, s² = Σ_i σ_i² φ_i², so that both follow from the derivatives of
 * E log p(y | m + s z) by m and s and from ∂s/∂σ_i = t_i = σ_i φ_i² / s.
 */
function derivatives(
  psi: Float64Array,
  { data: { X, labels }, priorDeviation }: { data: Labelled; priorDeviation: number },
) {
  const P = psi.length / 2, priorPrecision = priorPrecisionOf(priorDeviation);
  const gradient = psi.map((value, i) => -priorPrecision * value + (i < P ? 0 : 1 / value));
  const curvature = diagonal(psi.map((value, i) => priorPrecision + (i < P ? 0 : 1 / value ** 2)));
  const phi = new Float64Array(P).fill(1);
  for (let n = 0; n < X.rows; n++) {
    phi.set(row(X, n));
    let m = 0, variance = 0;
    for (let i = 0; i < P; i++) {
      m += psi[i] * phi[i];
      variance += (psi[P + i] * phi[i]) ** 2;
    }
    const s = Math.sqrt(variance), t = phi.map((f, i) => psi[P + i] * f * f / s);
    const byM = labels[n] - expectedSigmoid(m, variance),
      [mm, ms, zz] = expectedSlopes(m, variance);
    const byS = -s * mm; // E z (y − σ(a)), by Stein's lemma
    for (let i = 0; i < P; i++) {
      gradient[i] += byM * phi[i];
      gradient[P + i] += byS * t[i];
      for (let j = 0; j < P; j++) {
        curvature.data[2 * P * i + j] += mm * (phi[i] * phi[j]);
        curvature.data[2 * P * i + P + j] += ms * (phi[i] * t[j]);
        curvature.data[2 * P * (P + j) + i] += ms * (phi[i] * t[j]);
        curvature.data[2 * P * (P + i) + P + j] += (zz - mm) * (t[i] * t[j]);
      }
      curvature.data[(2 * P + 1) * (P + i)] -= byS * phi[i] ** 2 / s;
    }
  }
  return { gradient, curvature };
}
