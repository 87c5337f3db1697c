/**
 * Mean-field variational inference for logistic regression: the linear variational layer under a sigmoid or softmax.
 *
 * It maximises ELBO(q) = E_q log p(labels | X, θ) − KL(q ‖ N(0, s² I)) ≤ log p(labels | X) over q(θ) = N(μ, diag σ²).
 *
 * ```ts ignore
 * const variational = VariationalLogisticRegression.fit(train, { random: seeded(1), priorDeviation: 1 });
 * variational.elbo; // after each epoch
 * const { probabilities } = variational.predict(test.X, { random: seeded(2) });
 * ```
 *
 * @module
 */
import { checkLabelled, type Labelled } from "../data/labelled.ts";
import { cholesky, choleskySolve, type Matrix, row, zeros } from "../linear_algebra/mod.ts";
import type { Random } from "../random.ts";
import { expectedSigmoid, gaussHermite, type Quadrature } from "./gaussian_expectation.ts";
import { LinearVariational } from "./linear_variational.ts";
import { LogisticRegression } from "./logistic_regression.ts";
import { predictUnder } from "./network_classifier.ts";
import { checkSamples, type Prediction, sigmoid, softplus } from "./predictive.ts";
import { fitVariationalNetwork, type VariationalOptions } from "./variational_network.ts";

/** A variational logistic regression as fitted. */
export class VariationalLogisticRegression {
  readonly layer: LinearVariational;
  /** s of the prior. */
  readonly priorDeviation: number;
  /** The ELBO after each pass of the fit, in nats: estimated from draws, or exact for a fit by quadrature. */
  readonly elbo: Float64Array;

  constructor(
    layer: LinearVariational,
    { priorDeviation, elbo = new Float64Array() }: { priorDeviation: number; elbo?: Float64Array },
  ) {
    this.layer = layer;
    this.priorDeviation = priorDeviation;
    this.elbo = elbo;
  }

  /**
   * By Adam on estimates of the ELBO from one draw a batch, for K ≥ 2 classes.
   *
   * @throws {RangeError} where the data or an option cannot be used, or training diverges.
   */
  static fit(
    data: Labelled,
    options: Omit<VariationalOptions, "hidden" | "samples">,
  ): VariationalLogisticRegression {
    const { priorDeviation = 1 } = options;
    const { sizes, mean, deviation, elbo } = fitVariationalNetwork(data, {
      ...options,
      priorDeviation,
      hidden: [],
      samples: 1,
    });
    const layer = LinearVariational.at({ mean, deviation, inputs: sizes[0], outputs: sizes[1] });
    return new VariationalLogisticRegression(layer, { priorDeviation, elbo });
  }

  /**
   * The maximum of the ELBO for two classes, without draws: the expectations over each point's one-dimensional
   * activation a_n ~ N(μᵀφ_n, Σ_i σ_i² φ_ni²) by Gauss–Hermite quadrature, the means by Newton steps, and the
   * deviations from σ_i⁻² = E H_ii + s⁻², which holds at the maximum.
   *
   * @throws {RangeError} where the data cannot be fitted or s is not positive and finite.
   * Source: Opper and Archambeau, Neural Computation 21 (2009).
   */
  static fitByQuadrature(
    data: Labelled,
    { priorDeviation = 1, nodes = 40 }: { priorDeviation?: number; nodes?: number } = {},
  ): VariationalLogisticRegression {
    const inputs = data.X.columns, P = inputs + 1, quadrature = gaussHermite(nodes);
    const at = (mean: Float64Array, variance: Float64Array) =>
      LinearVariational.at({ mean, deviation: variance.map(Math.sqrt), inputs, outputs: 1 });
    const elboOf = (layer: LinearVariational) =>
      expectedOver(quadrature, layer, data) - layer.divergence(priorDeviation);
    let mean = LogisticRegression.fit(data, { priorDeviation }).theta;
    let variance = mean.map(() => priorDeviation ** 2 / (1 + data.labels.length));
    const elbo = [elboOf(at(mean, variance))];
    for (let pass = 0; pass < 1000; pass++) {
      const { gradient, hessian } = expectedDerivatives(at(mean, variance), data, quadrature);
      for (let i = 0; i < P; i++) {
        gradient[i] -= mean[i] / priorDeviation ** 2;
        hessian.data[i * P + i] += 1 / priorDeviation ** 2;
      }
      const column = { rows: P, columns: 1, data: gradient };
      const step = choleskySolve(cholesky(hessian), column).data;
      const ratio = variance.map((v, i) => 1 / (hessian.data[i * P + i] * v));
      const last = elbo.at(-1)!;
      for (let scale = 1; scale > 1e-9; scale /= 2) {
        const nextMean = mean.map((m, i) => m + scale * step[i]);
        const nextVariance = variance.map((v, i) => v * ratio[i] ** scale);
        const reached = elboOf(at(nextMean, nextVariance));
        if (reached < last - 1e-13 * Math.abs(last)) continue;
        [mean, variance] = [nextMean, nextVariance];
        elbo.push(reached);
        break;
      }
      const change = step.map((s, i) => Math.abs(s) + Math.abs(Math.log(ratio[i])));
      if (change.reduce((a, b) => Math.max(a, b)) < 1e-11) break;
    }
    return new VariationalLogisticRegression(at(mean, variance), {
      priorDeviation,
      elbo: Float64Array.from(elbo),
    });
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
    { samples = 100, random }: { samples?: number; random?: Random } = {},
  ): Prediction {
    const { sizes } = this.layer;
    checkSamples(samples);
    if (random !== undefined) {
      const draws = Array.from({ length: samples }, () => this.layer.sample(random));
      return predictUnder(draws, sizes, X);
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
 * E_q log p(labels | X, θ) in nats for two classes: one Gauss–Hermite quadrature for each point, over its activation.
 *
 * @throws {RangeError} where the layer has more than one output or the labels are not 0 and 1.
 */
export function expectedLogLikelihood(
  layer: LinearVariational,
  data: Labelled,
  { nodes = 40 }: { nodes?: number } = {},
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

/** E_q of the gradient of log p(labels | X, θ) and of minus its Hessian. */
function expectedDerivatives(layer: LinearVariational, data: Labelled, z: Quadrature) {
  const { mean, variance } = activationsFor(layer, data), D = data.X.columns, P = D + 1;
  const gradient = new Float64Array(P), hessian = zeros(P, P), phi = new Float64Array(P).fill(1);
  for (let n = 0; n < mean.rows; n++) {
    const deviation = Math.sqrt(variance.data[n]);
    let residual = data.labels[n], curvature = 0;
    for (let i = 0; i < z.nodes.length; i++) {
      const p = sigmoid(mean.data[n] + deviation * z.nodes[i]);
      residual -= z.weights[i] * p;
      curvature += z.weights[i] * p * (1 - p);
    }
    phi.set(row(data.X, n));
    for (let i = 0; i < P; i++) {
      gradient[i] += residual * phi[i];
      for (let j = 0; j < P; j++) hessian.data[i * P + j] += curvature * (phi[i] * phi[j]);
    }
  }
  return { gradient, hessian };
}

function activationsFor(layer: LinearVariational, data: Labelled) {
  if (layer.sizes[1] !== 1) {
    throw new RangeError(`Quadrature serves one logit, and the layer has ${layer.sizes[1]}`);
  }
  return layer.activations(checkLabelled(data).X);
}
