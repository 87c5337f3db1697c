/**
 * What every classifier of this library predicts, and the way from logits to it.
 *
 * ```ts ignore
 * const { probabilities, samples } = model.predict(X);
 * ```
 *
 * @module
 */
import { checkInputs } from "../../data/labelled.ts";
import { type Matrix, shape, softmax, zeros } from "../../linear_algebra/mod.ts";

/** A prediction at N points for K classes. */
export interface Prediction {
  /** p(y = k | x_n, data), N × K; every row sums to 1. */
  readonly probabilities: Matrix;
  /** p(y = k | x_n, θ_s) for draws θ_s, each N × K, whose mean `probabilities` is; where the method draws. */
  readonly samples?: readonly Matrix[];
}

/** 1 / (1 + e^{−a}), without overflow. */
export function sigmoid(a: number): number {
  if (a >= 0) return 1 / (1 + Math.exp(-a));
  const e = Math.exp(a);
  return e / (1 + e);
}

/** log(1 + e^a), without overflow. */
export function softplus(a: number): number {
  return Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a)));
}

/**
 * Class probabilities from `logits` (N × K by the softmax, or N × 1, the log odds of class 1 against class 0, by the
 * sigmoid to N × 2).
 *
 * @throws {TypeError | RangeError} where they are not N × K finite numbers in a Float64Array.
 */
export function probabilitiesOf(logits: Matrix): Matrix {
  checkInputs(logits, { name: "logits" });
  if (logits.columns === 1) {
    const result = zeros(logits.rows, 2);
    logits.data.forEach((a, n) => {
      result.data[2 * n] = sigmoid(-a);
      result.data[2 * n + 1] = sigmoid(a);
    });
    return result;
  }
  return softmax(logits);
}

/**
 * The mean of the class probabilities under `samples`, kept beside them.
 *
 * @throws {RangeError} where there are none, or their shapes differ.
 */
export function averaged(samples: readonly Matrix[]): Prediction {
  if (samples.length === 0) throw new RangeError("A predictive mean needs at least one sample");
  const mean = zeros(samples[0].rows, samples[0].columns);
  for (const sample of samples) {
    if (sample.rows !== mean.rows || sample.columns !== mean.columns) {
      throw new RangeError(`Samples have one shape: got ${shape(mean)} and ${shape(sample)}`);
    }
    for (let i = 0; i < mean.data.length; i++) mean.data[i] += sample.data[i] / samples.length;
  }
  return { probabilities: mean, samples };
}
