/**
 * Monte Carlo dropout: dropout left on at prediction, and the mean over many random masks.
 *
 * ```ts ignore
 * const dropout = fitDropoutNetwork(train, { random: seeded(1), dropout: 0.2 });
 * const { probabilities } = dropout.predict(grid, { random: seeded(2), samples: 100 });
 *
 * // Any network with random outputs, such as a TensorFlow.js model with dropout layers:
 * const logits = (X: Matrix) =>
 *   matrix(tf.tidy(() => {
 *     const inputs = tf.tensor2d(Float32Array.from(X.data), [X.rows, X.columns]);
 *     return model.apply(inputs, { training: true }).arraySync();
 *   }));
 * const prediction = predictStochastic(logits, grid, { samples: 100 });
 * ```
 *
 * Source: Gal and Ghahramani, Dropout as a Bayesian Approximation (2016).
 *
 * @module
 */
import { checkFunction, checkOptions, checkWhole } from "../../checks.ts";
import { checkInputs, type Labelled } from "../../data/labelled.ts";
import { type Matrix, shape } from "../../linear_algebra/mod.ts";
import { checkDraws, type DrawOptions } from "../inference/draws.ts";
import { averaged, type Prediction, probabilitiesOf } from "../inference/predictive.ts";
import { checkDropout, forward } from "./multilayer_perceptron.ts";
import {
  checkNetwork,
  fitNetwork,
  type Network,
  type NetworkOptions,
  networkOptions,
} from "./network_classifier.ts";

/** A network fitted with dropout, which stays on in its predictions. */
export interface DropoutNetwork extends Network {
  /** Probability that a hidden unit is off. */
  readonly dropout: number;
  /** (−log likelihood − log prior) / N after each epoch, up to a constant, with the noise of batches and masks. */
  readonly loss: Float64Array;
  /** (1/S) Σ_s p(y | x, mask_s) at each row of X, with new masks for every row and draw. */
  predict(X: Matrix, options: DrawOptions): Prediction;
}

/**
 * A network fitted with dropout, for predictions with it.
 *
 * @throws {RangeError} where the data or an option cannot be used, or training diverges.
 */
export function fitDropoutNetwork(
  data: Labelled,
  options: NetworkOptions,
): DropoutNetwork {
  const { dropout = 0.2 } = checkOptions("fitDropoutNetwork()", options, networkOptions);
  const { sizes, theta, loss } = fitNetwork(data, { ...options, dropout });
  return {
    sizes,
    theta,
    loss,
    dropout,
    predict: (X, draws) =>
      predictWithDropout({ sizes, theta }, X, { ...checkDraws("predict()", draws), dropout }),
  };
}

/**
 * (1/S) Σ_s p(y | x, mask_s) at each row of X for a network that should have been fitted with the same `dropout`.
 *
 * @throws {RangeError} where `dropout` is outside [0, 1), or `samples` is not a whole number of at least 1.
 * @throws {TypeError} where there is no `random`.
 */
export function predictWithDropout(
  network: Network,
  X: Matrix,
  options: DrawOptions & { dropout: number },
): Prediction {
  const { dropout, ...draws } = checkOptions("predictWithDropout()", options, [
    "random",
    "samples",
    "dropout",
  ]);
  checkDropout(dropout);
  const { random, samples } = checkDraws("predictWithDropout()", draws);
  checkInputs(X, { columns: checkNetwork(network).sizes[0] });
  const masks = { probability: dropout, random };
  return predictStochastic((X) => forward(network, X, { dropout: masks }).logits, X, { samples });
}

/**
 * The mean class probabilities over `samples` calls of a network whose output is random.
 *
 * @param network From N × D points to N × K logits (or N × 1, the log odds), with new masks at each call.
 * @throws {RangeError} where `samples` is not a whole number of at least 1, or the network does not give one row of
 * finite logits for each point.
 */
export function predictStochastic(
  network: (X: Matrix) => Matrix,
  X: Matrix,
  options: { samples?: number } = {},
): Prediction {
  const { samples = 100 } = checkOptions("predictStochastic()", options, ["samples"]);
  checkFunction("network", network);
  checkInputs(X);
  checkWhole("samples", samples, { least: 1 });
  return averaged(Array.from({ length: samples }, () => {
    const logits = network(X);
    if (logits.rows !== X.rows || !logits.data.every(Number.isFinite)) {
      throw new RangeError(
        `A network gives one row of finite logits for each point: got ${shape(logits)} for ${
          shape(X)
        }`,
      );
    }
    return probabilitiesOf(logits);
  }));
}
