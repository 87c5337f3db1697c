/**
 * Mean-field variational inference for a multilayer perceptron ("Bayes by backprop").
 *
 * ```ts ignore
 * const variational = fitVariationalNetwork(train, { random: seeded(1), estimator: "local" });
 * const { probabilities, samples } = variational.predict(grid, { random: seeded(2), samples: 100 });
 * variational.elbo; // after each epoch
 * ```
 *
 * ELBO(φ) = E_q log p(labels | X, θ) − KL(q ‖ prior), with q(θ) = N(θ | μ, diag σ²). The expectation is estimated from
 * one draw a batch, either of θ = μ + σ ε for the whole batch ("global": Blundell et al., Weight Uncertainty in Neural
 * Networks, 2015), or of the activations of each point, which are Gaussian given those of the layer below ("local":
 * Kingma, Salimans and Welling, Variational Dropout and the Local Reparameterization Trick, 2015), which has less
 * variance.
 *
 * @module
 */
import { checkFunction, checkOneOf, checkOptions, checkPositive } from "../../checks.ts";
import { checkLabelled, type Labelled, selected } from "../../data/labelled.ts";
import { type Matrix, transpose } from "../../linear_algebra/mod.ts";
import { checkRandom, normals, type Random } from "../../random.ts";
import type { DrawOptions } from "../inference/draws.ts";
import { checkPriorDeviation } from "../inference/prior.ts";
import { logLikelihood } from "../inference/likelihood.ts";
import {
  chained,
  deviationOf,
  divergenceFromPrior,
  drawFrom,
  drawsFrom,
  type Estimator,
  meanField,
  meanOf,
} from "./mean_field.ts";
import {
  accumulate,
  backward,
  forward,
  initialParameters,
  layersOf,
  linear,
  linearTransposed,
} from "./multilayer_perceptron.ts";
import {
  type NetworkOptions,
  networkOptions,
  predictUnder,
  sizesFor,
} from "./network_classifier.ts";
import { adam, minimize } from "./optimizers.ts";
import type { Prediction } from "../inference/predictive.ts";

/** q(θ) of a network, as fitted. */
export interface VariationalNetwork {
  /** The widths of all layers, from inputs to outputs. */
  readonly sizes: readonly number[];
  /** The mean of each parameter. */
  readonly mean: Float64Array;
  /** The standard deviation of each parameter. */
  readonly deviation: Float64Array;
  /** The estimate of the ELBO in each epoch, in nats; it ends as noisy as its batches are. */
  readonly elbo: Float64Array;
  /** KL(q ‖ prior) in nats. */
  readonly divergence: number;
  /** Draws of θ from q, one a row (S × P). */
  sample(options: DrawOptions): Matrix;
  /** The mean of the class probabilities over draws of θ from q, the same draws for all rows of X. */
  predict(X: Matrix, options: DrawOptions): Prediction;
}

/** How a variational network is fitted; the other options are those of `fitNetwork()`. */
export interface VariationalOptions extends Omit<NetworkOptions, "dropout"> {
  /** How the gradient of the expected log likelihood is estimated. */
  estimator?: Estimator;
  /** σ_i of every parameter at the start. */
  initialDeviation?: number;
}

/** The names of `VariationalOptions`. */
export const variationalOptions: readonly (keyof VariationalOptions)[] = [
  ...networkOptions.filter((name) => name !== "dropout"),
  "estimator",
  "initialDeviation",
];

/**
 * The q(θ) that maximises the ELBO, by Adam on mini-batches.
 *
 * @throws {RangeError} where the data or an option cannot be used, or training diverges.
 */
export function fitVariationalNetwork(
  data: Labelled,
  options: VariationalOptions,
): VariationalNetwork {
  const {
    random,
    hidden = [50],
    classes = 2,
    priorDeviation = 1,
    epochs = 300,
    batchSize = 100,
    optimizer = () => adam({ learningRate: 0.01 }),
    estimator = "local",
    initialDeviation = 0.05,
  } = checkOptions("fitVariationalNetwork()", options, variationalOptions);
  checkRandom("fitVariationalNetwork()", random);
  checkFunction("optimizer", optimizer);
  checkOneOf("estimator", estimator, ["global", "local"]);
  checkPositive("initialDeviation", initialDeviation);
  checkLabelled(data, classes);
  checkPriorDeviation(priorDeviation);
  const sizes = sizesFor(data.X.columns, hidden, classes), N = data.X.rows;
  const phi = meanField(initialParameters(sizes, random), initialDeviation);
  const expectation = estimators[estimator];
  const loss = minimize((batch) => {
    const likelihood = expectation(sizes, phi, selected(data, batch), random);
    const divergence = divergenceFromPrior(phi, priorDeviation);
    return {
      value: divergence.value / N - likelihood.value / batch.length,
      gradient: divergence.gradient.map((g, i) => g / N - likelihood.gradient[i] / batch.length),
    };
  }, { parameters: phi, count: N, epochs, batchSize, optimizer: optimizer(), random });
  const sample = (options: DrawOptions) => drawsFrom(phi, options);
  return {
    sizes,
    mean: meanOf(phi),
    deviation: deviationOf(phi),
    elbo: loss.map((value) => -N * value),
    divergence: divergenceFromPrior(phi, priorDeviation).value,
    sample,
    predict: (X, options) => predictUnder(sample(options), sizes, X),
  };
}

/** An unbiased estimate of E_q log p(labels | X, θ) from one draw, and of its gradient with respect to φ = (μ, ρ). */
export type ExpectedLogLikelihood = (
  sizes: readonly number[],
  phi: Float64Array,
  data: Labelled,
  random: Random,
) => { value: number; gradient: Float64Array };

/** The two estimates of the expected log likelihood. */
export const estimators: Readonly<Record<Estimator, ExpectedLogLikelihood>> = {
  global(sizes, phi, { X, labels }, random) {
    const { theta, epsilon } = drawFrom(phi, random);
    const pass = forward({ sizes, theta }, X);
    const { value, gradient } = logLikelihood(pass.logits, labels);
    const mean = backward({ sizes, theta }, pass, gradient);
    return {
      value,
      gradient: chained(phi, { mean, deviation: mean.map((g, i) => g * epsilon[i]) }),
    };
  },

  local(sizes, phi, { X, labels }, random) {
    const layers = layersOf(sizes), mu = meanOf(phi), sigma = deviationOf(phi);
    const variance = sigma.map((s) => s * s);
    let H = transpose(X);
    const passes = layers.map((layer, l) => {
      const squared = { ...H, data: H.data.map((h) => h * h) };
      const A = linear(layer, mu, H), V = linear(layer, variance, squared);
      const epsilon = normals(random, A.data.length);
      for (let i = 0; i < A.data.length; i++) A.data[i] += Math.sqrt(V.data[i]) * epsilon[i];
      const pass = { H, squared, V, epsilon };
      H = l < layers.length - 1 ? { ...A, data: A.data.map((a) => Math.max(a, 0)) } : A;
      return pass;
    });
    const { value, gradient } = logLikelihood(transpose(H), labels);
    const meanGradient = new Float64Array(mu.length), varianceGradient = meanGradient.slice();
    let upper = transpose(gradient);
    for (let l = layers.length - 1; l >= 0; l--) {
      const { H, squared, V, epsilon } = passes[l];
      const ofVariance = {
        ...upper,
        data: upper.data.map((u, i) => u * epsilon[i] / (2 * Math.sqrt(V.data[i]))),
      };
      accumulate(layers[l], meanGradient, H, upper);
      accumulate(layers[l], varianceGradient, squared, ofVariance);
      const throughMean = linearTransposed(layers[l], mu, upper);
      const throughVariance = linearTransposed(layers[l], variance, ofVariance);
      upper = {
        ...throughMean,
        data: throughMean.data.map((g, i) =>
          H.data[i] > 0 ? g + 2 * H.data[i] * throughVariance.data[i] : 0
        ),
      };
    }
    const deviation = varianceGradient.map((g, i) => 2 * sigma[i] * g);
    return { value, gradient: chained(phi, { mean: meanGradient, deviation }) };
  },
};
