/**
 * How good predicted class probabilities are, and how far two predictions are from each other.
 *
 * Everywhere `probabilities` is N × K with rows that sum to 1, and labels are 0 … K − 1.
 *
 * @module
 */
import { checkLabels } from "../checks.ts";
import { checkMatrix, type Matrix, row, shape, softmax } from "../linear_algebra/mod.ts";

/** The share of points whose largest probability is that of their label; of equal ones the first counts. */
export function accuracy(probabilities: Matrix, labels: ArrayLike<number>): number {
  checkProbabilities(probabilities, labels);
  return mean(probabilities.rows, (n) => argmax(row(probabilities, n)) === labels[n] ? 1 : 0);
}

/** Mean cross-entropy, in nats an image, and accuracy. */
export interface LossAndAccuracy {
  /** The mean cross-entropy, in nats. */
  readonly loss: number;
  /** The share of right predictions. */
  readonly accuracy: number;
}

/** Mean cross-entropy and accuracy of softmax(`logits`), N × K. */
export function lossAndAccuracy(
  { logits, labels }: { logits: Matrix; labels: ArrayLike<number> },
): LossAndAccuracy {
  const probabilities = softmax(logits);
  return {
    loss: negativeLogLikelihood(probabilities, labels),
    accuracy: accuracy(probabilities, labels),
  };
}

/** −(1/N) Σ_n log p_n,y in nats a point; ∞ where a label was given the probability 0. */
export function negativeLogLikelihood(probabilities: Matrix, labels: ArrayLike<number>): number {
  checkProbabilities(probabilities, labels);
  return mean(probabilities.rows, (n) => -Math.log(row(probabilities, n)[labels[n]]));
}

/** (1/N) Σ_n Σ_k (p_nk − [y_n = k])², in [0, 2]. Source: Brier, Monthly Weather Review 78 (1950). */
export function brierScore(probabilities: Matrix, labels: ArrayLike<number>): number {
  checkProbabilities(probabilities, labels);
  return mean(
    probabilities.rows,
    (n) =>
      row(probabilities, n).reduce((sum, p, k) => sum + (p - (k === labels[n] ? 1 : 0)) ** 2, 0),
  );
}

/** The largest probability of each row. */
export function confidence(probabilities: Matrix): Float64Array {
  checkProbabilities(probabilities);
  return perRow(probabilities, (p) => p.reduce((a, b) => Math.max(a, b)));
}

/** −Σ_k p_k log p_k of each row, in nats: the total uncertainty of a prediction. */
export function predictiveEntropy(probabilities: Matrix): Float64Array {
  checkProbabilities(probabilities);
  return perRow(
    probabilities,
    (p) => p.reduce((sum, pk) => pk > 0 ? sum - pk * Math.log(pk) : sum, 0),
  );
}

/**
 * The mutual information of label and parameters at each point, in nats: the entropy of the mean prediction less the
 * mean entropy of the predictions `samples` (S of N × K). It is what more data could still remove.
 *
 * @throws {RangeError} where there are no samples, or they differ in shape.
 * Source: Houlsby et al., Bayesian Active Learning by Disagreement (2011).
 */
export function mutualInformation(samples: readonly Matrix[]): Float64Array {
  if (samples.length === 0) throw new RangeError("Mutual information needs at least one sample");
  const S = samples.length,
    average = { ...samples[0], data: new Float64Array(samples[0].data.length) };
  const result = new Float64Array(samples[0].rows);
  for (const sample of samples) {
    checkSameShape(average, sample);
    sample.data.forEach((p, i) => average.data[i] += p / S);
    predictiveEntropy(sample).forEach((entropy, n) => result[n] -= entropy / S);
  }
  predictiveEntropy(average).forEach((entropy, n) => result[n] = Math.max(0, result[n] + entropy));
  return result;
}

/**
 * The total variation distance of two predictions at each point, ½ Σ_k |p_k − q_k|, in [0, 1]: the largest difference
 * of the probabilities that they give any event.
 */
export function totalVariation(p: Matrix, q: Matrix): Float64Array {
  checkProbabilities(p);
  checkProbabilities(q);
  checkSameShape(p, q);
  return Float64Array.from({ length: p.rows }, (_, n) => {
    const qn = row(q, n);
    return row(p, n).reduce((sum, pk, k) => sum + Math.abs(pk - qn[k]), 0) / 2;
  });
}

/**
 * `probabilities`, once they are sure to be some, with one label each where `labels` are given.
 *
 * @throws {RangeError} where there are no rows, a row is not a distribution within 1e-6, or a label is not 0 … K − 1.
 */
export function checkProbabilities(probabilities: Matrix, labels?: ArrayLike<number>): Matrix {
  checkMatrix(probabilities, "probabilities");
  const { rows, columns: K } = probabilities;
  if (rows === 0) throw new RangeError("There is no prediction to measure");
  for (let n = 0; n < rows; n++) {
    const p = row(probabilities, n);
    const sum = p.reduce((a, b) => a + b, 0);
    if (!(Math.abs(sum - 1) <= 1e-6) || !p.every((pk) => pk >= 0)) {
      throw new RangeError(`Each row is a distribution over classes: row ${n} is [${p}]`);
    }
  }
  if (labels !== undefined) checkLabels(labels, { count: rows, classes: K });
  return probabilities;
}

/**
 * The index of the first of the largest entries.
 *
 * @throws {RangeError} where there is none, or one is NaN.
 */
export function argmax(p: Float64Array | Float32Array): number {
  let place = 0;
  for (let k = 0; k < p.length; k++) {
    if (p[k] > p[place]) place = k;
    else if (Number.isNaN(p[k])) throw new RangeError(`No entry is the largest: entry ${k} is NaN`);
  }
  if (p.length === 0) throw new RangeError("No entry is the largest of none");
  return place;
}

function perRow(A: Matrix, f: (entries: Float64Array) => number): Float64Array {
  return Float64Array.from({ length: A.rows }, (_, n) => f(row(A, n)));
}

function mean(count: number, f: (n: number) => number): number {
  let sum = 0;
  for (let n = 0; n < count; n++) sum += f(n);
  return sum / count;
}

function checkSameShape(A: Matrix, B: Matrix) {
  if (A.rows !== B.rows || A.columns !== B.columns) {
    throw new RangeError(`Predictions to compare have one shape, got ${shape(A)} and ${shape(B)}`);
  }
}
