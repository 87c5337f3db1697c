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
import { checkLabelled, type Labelled } from "../../data/labelled.ts";
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
import { priorPrecisionOf } from "../inference/prior.ts";
import {
  expectedSigmoid,
  gaussHermite,
  type Quadrature,
} from "../inference/gaussian_expectation.ts";
import { LinearVariational } from "../perceptron/linear_variational.ts";
import { fitLogisticRegression } from "./logistic_regression.ts";
import { predictUnder } from "../perceptron/network_classifier.ts";
import { type Prediction, sigmoid, softplus } from "../inference/predictive.ts";
import {
  fitVariationalNetwork,
  type VariationalOptions,
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
  const { priorDeviation = 1 } = options;
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
 * by Gauss–Hermite quadrature, and Newton's method in (μ, σ), in which the ELBO is concave.
 *
 * @throws {RangeError} where the data cannot be fitted or s is not positive and finite.
 * Source: Challis and Barber, Gaussian Kullback–Leibler Approximate Inference, JMLR 14 (2013), for the concavity.
 */
export function fitVariationalLogisticRegressionByQuadrature(
  data: Labelled,
  { priorDeviation = 1, nodes = 60 }: { priorDeviation?: number; nodes?: number } = {},
): VariationalLogisticRegression {
  const { theta } = fitLogisticRegression(data, { priorDeviation });
  const inputs = data.X.columns, P = theta.length, quadrature = gaussHermite(nodes);
  const at = (psi: Float64Array) =>
    new LinearVariational({
      mean: psi.subarray(0, P),
      deviation: psi.subarray(P),
      inputs,
      outputs: 1,
    });
  const elboOf = (psi: Float64Array) =>
    expectedOver(quadrature, at(psi), data) - at(psi).divergence(priorDeviation);
  let psi = new Float64Array(2 * P).fill(priorDeviation / Math.sqrt(1 + data.labels.length));
  psi.set(theta); // ψ = (μ, σ)
  const elbo = [elboOf(psi)];
  for (let pass = 0; pass < 100; pass++) {
    const { gradient, curvature } = derivatives(psi, { data, quadrature, priorDeviation });
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
    { priorDeviation, elbo = new Float64Array() }: { priorDeviation: number; elbo?: Float64Array },
  ) {
    this.layer = layer;
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
    { random, samples }: Partial<DrawOptions> = {},
  ): Prediction {
    const { sizes } = this.layer;
    if (random !== undefined) return predictUnder(this.layer.sample({ random, samples }), sizes, X);
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
 * E_q log p(labels | X, θ) in nats for two classes: one Gauss–Hermite quadrature for each point, over its activation.
 *
 * @throws {RangeError} where the layer has more than one output or the labels are not 0 and 1.
 */
export function expectedLogLikelihood(
  layer: LinearVariational,
  data: Labelled,
  { nodes = 60 }: { nodes?: number } = {},
): number {
  return expectedOver(gaussHermite(nodes), layer, data);
}

function expectedOver(z: Quadrature, layer: LinearVariational, data: Labelled): number {
  const { mean, variance } = activationsFor(layer, data);
  let sum = 0;
  for (let n = 0; n < mean.rows; n++) {
    const deviation = Math.sqrt(variance.data[n]);
    for (let i = 0; i < z.nodes.length; i++) {
      const a = mean.data[n] + deviation * z.nodes[i];
      sum -= z.weights[i] * softplus(data.labels[n] === 1 ? -a : a);
    }
  }
  return sum;
}

/**
 * The gradient of the ELBO with respect to ψ = (μ, σ), and minus its Hessian.
 *
 * A point's activation is m + s z, m = μᵀφ, s² = Σ_i σ_i² φ_i², so that both follow from the derivatives of
 * E log p(y | m + s z) by m and s and from ∂s/∂σ_i = t_i = σ_i φ_i² / s.
 */
function derivatives(
  psi: Float64Array,
  { data: { X, labels }, quadrature: z, priorDeviation }: {
    data: Labelled;
    quadrature: Quadrature;
    priorDeviation: number;
  },
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
    let byM = 0, byS = 0, mm = 0, ms = 0, ss = 0;
    for (let k = 0; k < z.nodes.length; k++) {
      const p = sigmoid(m + s * z.nodes[k]);
      const residual = z.weights[k] * (labels[n] - p), w = z.weights[k] * p * (1 - p);
      byM += residual;
      byS += residual * z.nodes[k];
      mm += w;
      ms += w * z.nodes[k];
      ss += w * z.nodes[k] ** 2;
    }
    for (let i = 0; i < P; i++) {
      gradient[i] += byM * phi[i];
      gradient[P + i] += byS * t[i];
      for (let j = 0; j < P; j++) {
        curvature.data[2 * P * i + j] += mm * (phi[i] * phi[j]);
        curvature.data[2 * P * i + P + j] += ms * (phi[i] * t[j]);
        curvature.data[2 * P * (P + j) + i] += ms * (phi[i] * t[j]);
        curvature.data[2 * P * (P + i) + P + j] += (ss + byS / s) * (t[i] * t[j]);
      }
      curvature.data[(2 * P + 1) * (P + i)] -= byS * phi[i] ** 2 / s;
    }
  }
  return { gradient, curvature };
}

function activationsFor(layer: LinearVariational, data: Labelled) {
  if (layer.sizes[1] !== 1) {
    throw new RangeError(`Quadrature serves one logit, and the layer has ${layer.sizes[1]}`);
  }
  return layer.activations(checkLabelled(data).X);
}
