/**
 * Monte Carlo dropout: dropout left on at prediction, and the mean over many random masks.
 *
 * It takes any network, given as a stochastic function from points to logits:
 *
 * ```ts ignore
 * const network = fitNetwork(train, { random: seeded(1), dropout: 0.2 });
 * const { probabilities } = mcDropout(network, { random: seeded(2) }).predict(grid);
 *
 * // A TensorFlow.js model with dropout layers:
 * const layers = new MCDropout((X) =>
 *   matrix(tf.tidy(() => {
 *     const inputs = tf.tensor2d(Float32Array.from(X.data), [X.rows, X.columns]);
 *     return model.apply(inputs, { training: true }).arraySync();
 *   }))
 * );
 * ```
 *
 * Source: Gal and Ghahramani, Dropout as a Bayesian Approximation (2016).
 *
 * @module
 */
import { type Matrix, shape } from "../../linear_algebra/mod.ts";
import type { Random } from "../../random.ts";
import { checkDropout, forward } from "./multilayer_perceptron.ts";
import type { Network } from "./network_classifier.ts";
import {
  averaged,
  checkSamples,
  type Prediction,
  probabilitiesOf,
} from "../inference/predictive.ts";

/** The mean prediction of a network whose output is random. */
export class MCDropout {
  readonly samples: number;
  readonly #logits: (X: Matrix) => Matrix;

  /**
   * @param logits The network: N × D points to N × K logits (or N × 1, the log odds), with new masks at each call.
   * @throws {RangeError} where `samples` is not a whole number of at least 1.
   */
  constructor(logits: (X: Matrix) => Matrix, { samples = 100 }: { samples?: number } = {}) {
    this.#logits = logits;
    this.samples = checkSamples(samples);
  }

  /**
   * (1/S) Σ_s p(y | x, mask_s) at each row of `X`.
   *
   * @throws {RangeError} where the network does not give one row of finite logits for each point.
   */
  predict(X: Matrix): Prediction {
    return averaged(Array.from({ length: this.samples }, () => {
      const logits = this.#logits(X);
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
}

/**
 * Monte Carlo dropout of a multilayer perceptron, which should have been fitted with the same `probability`.
 *
 * @throws {RangeError} where `probability` is outside [0, 1) or `samples` is not a whole number of at least 1.
 */
export function mcDropout(
  network: Network,
  { random, probability = 0.2, samples = 100 }: {
    random: Random;
    probability?: number;
    samples?: number;
  },
): MCDropout {
  checkDropout(probability);
  return new MCDropout(
    (X) => forward(network, X, { dropout: { probability, random } }).logits,
    { samples },
  );
}
