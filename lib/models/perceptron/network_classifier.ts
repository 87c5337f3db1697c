/**
 * A multilayer perceptron fitted to labelled points by its maximum a posteriori parameters.
 *
 * ```ts ignore
 * const network = fitNetwork(train, { random: seeded(1), hidden: [50] });
 * const { probabilities } = network.predict(grid);
 * ```
 *
 * @module
 */
import { checkFunction, checkNumbers, checkOptions, checkWhole, shown } from "../../checks.ts";
import { checkLabelled, checkPoints, type Labelled, selected } from "../../data/labelled.ts";
import { dot, type Matrix, row } from "../../linear_algebra/mod.ts";
import { checkRandom, type Random } from "../../random.ts";
import { priorPrecisionOf } from "../inference/prior.ts";
import { logLikelihood } from "../inference/likelihood.ts";
import {
  backward,
  checkDropout,
  type Dropout,
  forward,
  initialParameters,
  layersOf,
  parameterCount,
} from "./multilayer_perceptron.ts";
import { adam, minimize, type Optimizer } from "./optimizers.ts";
import { averaged, type Prediction, probabilitiesOf } from "../inference/predictive.ts";

/** An architecture with values for all its parameters. */
export interface Network {
  /** The widths of all layers, from inputs to outputs. */
  readonly sizes: readonly number[];
  /** All parameters. */
  readonly theta: Float64Array;
}

/** A network that was fitted. */
export interface FittedNetwork extends Network {
  /** (−log likelihood − log prior) / N after each epoch, up to a constant, with the noise of its batches. */
  readonly loss: Float64Array;
  /** The class probabilities under `theta` alone. */
  predict(X: Matrix): Prediction;
}

/** How a network is fitted. */
export interface NetworkOptions {
  /** Draws the initial parameters, the batches and the dropout. */
  random: Random;
  /** Units of each hidden layer; none make it a logistic regression. */
  hidden?: readonly number[];
  /** K; two classes are served by one output, the log odds. */
  classes?: number;
  /** σ of the prior N(0, σ² I) on all weights and biases; a weight decay λ on the mean loss is σ² = 1 / (λ N). */
  priorDeviation?: number;
  /** Probability that a hidden unit is off in training; in [0, 1). */
  dropout?: number;
  /** Passes over the data. */
  epochs?: number;
  /** Points in a batch. */
  batchSize?: number;
  /** Makes a new optimiser. */
  optimizer?: () => Optimizer;
}

/** The names of `NetworkOptions`. */
export const networkOptions: readonly (keyof NetworkOptions)[] = [
  "random",
  "hidden",
  "classes",
  "priorDeviation",
  "dropout",
  "epochs",
  "batchSize",
  "optimizer",
];

/**
 * The network that minimises −Σ_n log p(y_n | x_n, θ) + |θ|² / (2σ²), by Adam on mini-batches.
 *
 * @throws {TypeError | RangeError} where the data or an option cannot be used, or training diverges.
 */
export function fitNetwork(
  data: Labelled,
  options: NetworkOptions,
): FittedNetwork {
  const {
    random,
    hidden = [50],
    classes = 2,
    priorDeviation = 1,
    dropout = 0,
    epochs = 200,
    batchSize = 100,
    optimizer = () => adam({ learningRate: 0.01 }),
  } = checkOptions("fitNetwork()", options, networkOptions);
  checkRandom("fitNetwork()", random);
  checkFunction("optimizer", optimizer);
  checkLabelled(data, classes);
  checkDropout(dropout);
  const sizes = sizesFor(data.X.columns, hidden, classes), N = data.X.rows;
  const decay = priorPrecisionOf(priorDeviation) / N;
  const theta = initialParameters(sizes, random);
  const masks: Dropout | undefined = dropout > 0 ? { probability: dropout, random } : undefined;
  const loss = minimize((batch) => {
    const { X, labels } = selected(data, batch);
    const pass = forward({ sizes, theta }, X, { dropout: masks });
    const { value, gradient } = logLikelihood(pass.logits, labels);
    const slope = backward({ sizes, theta }, pass, gradient);
    return {
      value: -value / batch.length + decay / 2 * dot(theta, theta),
      gradient: slope.map((g, i) => decay * theta[i] - g / batch.length),
    };
  }, { parameters: theta, count: N, epochs, batchSize, optimizer: optimizer(), random });
  return {
    sizes,
    theta,
    loss,
    predict: (X) => ({ probabilities: probabilitiesOf(forward({ sizes, theta }, X).logits) }),
  };
}

/**
 * `network`, once it has an architecture and as many parameters.
 *
 * @throws {TypeError | RangeError}
 */
export function checkNetwork<Given extends Network>(network: Given): Given {
  if (typeof network !== "object" || network === null) {
    throw new TypeError(`network is { sizes, theta }, got ${shown(network)}`);
  }
  checkNumbers("theta", network.theta, { length: parameterCount(network.sizes) });
  return network;
}

/** The architecture for D inputs and K `classes`: two classes get one output, the log odds. */
export function sizesFor(inputs: number, hidden: readonly number[], classes: number): number[] {
  checkNumbers("hidden", hidden);
  checkWhole("classes", classes, { least: 2 });
  return [inputs, ...hidden, classes === 2 ? 1 : classes];
}

/** The mean of the class probabilities under each row of `draws` (S × P), the parameters of an architecture. */
export function predictUnder(draws: Matrix, sizes: readonly number[], X: Matrix): Prediction {
  return averaged(
    Array.from(
      { length: draws.rows },
      (_, s) => probabilitiesOf(forward({ sizes, theta: row(draws, s) }, X).logits),
    ),
  );
}

/** log p(labels | X, θ) + log N(θ | 0, σ² I), up to a constant in θ, and its gradient. */
export function logPosterior(
  network: Network,
  data: Labelled,
  options: { priorDeviation?: number } = {},
): { value: number; gradient: Float64Array } {
  const { priorDeviation = 1 } = checkOptions("logPosterior()", options, ["priorDeviation"]);
  const { sizes, theta } = checkNetwork(network), { X, labels } = checkPoints(data);
  const pass = forward({ sizes, theta }, X), priorPrecision = priorPrecisionOf(priorDeviation);
  const { value, gradient } = logLikelihood(pass.logits, labels);
  return {
    value: value - priorPrecision / 2 * dot(theta, theta),
    gradient: backward({ sizes, theta }, pass, gradient).map((g, i) =>
      g - priorPrecision * theta[i]
    ),
  };
}

/**
 * The network without its biases: its logits at u are the limit of f(r u) / r as r grows.
 *
 * Far from the origin the biases no longer count. So, along a ray, a two-class ReLU network becomes certain of the class
 * that the sign of this limit tells, wherever it is not 0 (Hein, Andriushchenko and Bitterwolf, Why ReLU Networks Yield
 * High-Confidence Predictions Far Away From the Training Data, 2019).
 */
export function withoutBiases(network: Network): Network {
  const { sizes, theta } = checkNetwork(network);
  const rest = theta.slice();
  for (const { bias, outputs } of layersOf(sizes)) rest.fill(0, bias, bias + outputs);
  return { sizes, theta: rest };
}
