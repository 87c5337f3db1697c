/**
 * The mean-field Gaussian linear layer of variational inference.
 *
 * a = W x + b with independent W_ci ~ N(μ_ci, σ_ci²), b_c ~ N(μ_c, σ_c²), σ = softplus(ρ), against the prior N(0, s² I).
 *
 * ```ts ignore
 * const layer = new LinearVariational({ mean: new Float64Array(3), deviation: 1, inputs: 2, outputs: 1 });
 * const logits = layer.forward(X, { random: seeded(1) });
 * layer.divergence(1); // KL(q ‖ N(0, I)) in nats
 * ```
 *
 * @module
 */
import { checkNumbers, checkOneOf, checkOptions, checkWhole } from "../../checks.ts";
import { checkInputs } from "../../data/labelled.ts";
import { type Matrix, transpose } from "../../linear_algebra/mod.ts";
import { checkRandom, normals, type Random } from "../../random.ts";
import type { DrawOptions } from "../inference/draws.ts";
import {
  deviationOf,
  divergenceFromPrior,
  drawFrom,
  drawsFrom,
  type Estimator,
  meanField,
  meanOf,
} from "./mean_field.ts";
import { forward, layersOf, linear } from "./multilayer_perceptron.ts";

/** q(W, b), with the draws, activations and divergence that belong to it. */
export class LinearVariational {
  /** (μ, ρ), each W (outputs × inputs, by rows), then b. */
  readonly phi: Float64Array;
  /** The numbers of inputs and outputs. */
  readonly sizes: readonly [inputs: number, outputs: number];

  /**
   * The layer with the given means, and one standard deviation for all or one for each.
   *
   * @throws {RangeError} where there are not (inputs + 1) outputs means and as many positive standard deviations.
   */
  constructor(
    options: {
      mean: ArrayLike<number>;
      deviation: number | ArrayLike<number>;
      inputs: number;
      outputs: number;
    },
  ) {
    const { mean, deviation, inputs, outputs } = checkOptions("LinearVariational", options, [
      "mean",
      "deviation",
      "inputs",
      "outputs",
    ]);
    checkNumbers("mean", mean);
    checkWhole("inputs", inputs, { least: 1 });
    checkWhole("outputs", outputs, { least: 1 });
    const P = (inputs + 1) * outputs;
    if (mean.length !== P) {
      throw new RangeError(
        `A layer of ${inputs} inputs and ${outputs} outputs has ${P} means, got ${mean.length}`,
      );
    }
    this.phi = meanField(mean, deviation);
    this.sizes = [inputs, outputs];
  }

  /** μ, P numbers. */
  get mean(): Float64Array {
    return meanOf(this.phi);
  }

  /** σ = softplus(ρ), P numbers. */
  get deviation(): Float64Array {
    return deviationOf(this.phi);
  }

  /** log q(`theta`). */
  logDensity(theta: Float64Array): number {
    const mean = this.mean, deviation = this.deviation;
    checkNumbers("theta", theta, { length: mean.length });
    return theta.reduce(
      (sum, t, i) =>
        sum - ((t - mean[i]) / deviation[i]) ** 2 / 2 -
        Math.log(deviation[i] * Math.sqrt(2 * Math.PI)),
      0,
    );
  }

  /** Draws (W, b) = μ + σ ε with ε ~ N(0, I), one a row (S × P). */
  sample(options: DrawOptions): Matrix {
    return drawsFrom(this.phi, options);
  }

  /** Mean μ_W x + μ_b and variance σ_W² x² + σ_b² of the activations at each row of X: each N × outputs. */
  activations(X: Matrix): { mean: Matrix; variance: Matrix } {
    const [inputs] = this.sizes, [layer] = layersOf(this.sizes);
    checkInputs(X, { columns: inputs });
    const H = transpose(X), squared = { ...H, data: H.data.map((x) => x * x) };
    return {
      mean: transpose(linear(layer, this.mean, H)),
      variance: transpose(linear(layer, this.deviation.map((s) => s * s), squared)),
    };
  }

  /**
   * Random activations, N × outputs: from one draw of (W, b) for all rows ("global"), or from each activation's own
   * Gaussian, independently for every row and output ("local": Kingma, Salimans and Welling 2015).
   */
  forward(
    X: Matrix,
    options: { random: Random; estimator?: Estimator },
  ): Matrix {
    const { random, estimator = "global" } = checkOptions("forward()", options, [
      "random",
      "estimator",
    ]);
    checkRandom("forward()", random);
    checkOneOf("estimator", estimator, ["global", "local"]);
    checkInputs(X, { columns: this.sizes[0] });
    if (estimator === "global") {
      return forward({ sizes: this.sizes, theta: drawFrom(this.phi, random).theta }, X).logits;
    }
    const { mean, variance } = this.activations(X);
    const epsilon = normals(random, mean.data.length);
    return { ...mean, data: mean.data.map((m, i) => m + Math.sqrt(variance.data[i]) * epsilon[i]) };
  }

  /** KL(q ‖ N(0, `priorDeviation`² I)) in nats, in closed form. */
  divergence(priorDeviation: number): number {
    return divergenceFromPrior(this.phi, priorDeviation).value;
  }
}
