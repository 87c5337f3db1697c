/**
 * Temperature scaling: one number that sharpens or softens all predictions of a fitted classifier.
 *
 * ```ts ignore
 * const scaling = TemperatureScaling.fit(validation);
 * const calibrated = scaling.calibrate(test.logits);
 * ```
 *
 * @module
 */
import { exponentials } from "../../linear_algebra/exponential.ts";
import {
  float64Rows,
  type FloatMatrix,
  largest,
  type Matrix,
  rowBlocks,
  scaled,
} from "../../linear_algebra/mod.ts";
import { bothClasses, type Calibrator, checkValidation, type Validation } from "./calibrator.ts";
import { probabilitiesOf } from "./predictive.ts";

/** softmax(logits / T), or σ(logit / T) of N × 1 logits. */
export class TemperatureScaling implements Calibrator {
  private constructor(
    readonly temperature: number,
    /** Mean negative log likelihood of the validation points, in nats, with T = 1 and with the temperature. */
    readonly loss: { readonly before: number; readonly after: number },
  ) {
    Object.freeze(this);
  }

  /**
   * The temperature T > 0 that minimises the negative log likelihood of the labels.
   *
   * The objective is convex in β = 1 / T. Newton steps on its slope, −mean_n (a_{n,y} − E_p a_n), find the minimum;
   * where one leaves the interval that holds it, the interval is halved instead, or widened, on the scale of log β.
   * Accuracy does not change. Use validation data: on training data T hides overfitting.
   *
   * @throws {TypeError} where the logits are in no Float64Array or Float32Array, or labels are no numbers.
   * @throws {RangeError} where there are no points, a logit is not finite, a label is none of the classes, or the minimum
   * lies at T = 0 (the labels are all the largest logits) or T = ∞ (the logits predict no better than chance).
   * Source: Guo, Pleiss, Sun and Weinberger, On Calibration of Modern Neural Networks, ICML 2017.
   * @example
   * ```ts
   * import { TemperatureScaling } from "./temperature_scaling.ts";
   * import { matrix } from "../../linear_algebra/mod.ts";
   * import { assertAlmostEquals } from "@std/assert";
   *
   * // Log odds of 2 where three of four are right: calibrated are log odds of log 3.
   * const validation = { logits: matrix([[2], [2], [2], [2]]), labels: [1, 1, 1, 0] };
   * assertAlmostEquals(2 / TemperatureScaling.fit(validation).temperature, Math.log(3), 1e-9);
   * ```
   */
  static fit(validation: Validation): TemperatureScaling {
    const data = checkValidation(validation), differences = differencesOf(data);
    if (differences.ofLabels === 0) {
      throw new RangeError(
        "The best temperature is 0: every label has the largest logit. Use more, or harder, validation data",
      );
    }
    if (differences.ofLabels >= differences.meanOfAll) {
      throw new RangeError(
        "No temperature helps: these logits predict the labels no better than chance",
      );
    }
    const unit = differences.largest;
    const slopes = (beta: number) => slopesAt(beta, data, differences);
    const before = slopes(1);
    let beta = 1, low = 0, high = Infinity, widening = 16;
    for (let step = 0; step < 200; step++) {
      const { slope, curvature } = step === 0 ? before : slopes(beta);
      if (slope === 0) break;
      if (slope < 0) low = beta;
      else high = beta;
      const newton = beta - slope / (curvature * unit);
      const bounds = [low || high / widening, high === Infinity ? low * widening : high];
      let next = newton;
      if (!(newton > bounds[0] && newton < bounds[1])) {
        next = low === 0
          ? bounds[0]
          : high === Infinity
          ? bounds[1]
          : Math.sqrt(low) * Math.sqrt(high);
        if (low === 0 || high === Infinity) widening **= 2;
      }
      const moved = Math.abs(next - beta);
      beta = next;
      if (moved <= 1e-12 * beta) break;
    }
    return new TemperatureScaling(1 / beta, { before: before.loss, after: slopes(beta).loss });
  }

  /** Calibrated class probabilities, N × C, of logits. */
  calibrate(logits: FloatMatrix): Matrix {
    return probabilitiesOf(
      scaled(float64Rows(bothClasses(logits), 0, Infinity), 1 / this.temperature),
    );
  }
}

/** How far logits lie under the largest of their point: of the labels in the mean, of all in the mean, and at most. */
function differencesOf({ logits, labels }: Validation) {
  let ofLabels = 0, meanOfAll = 0, most = 0;
  const N = logits.rows, K = logits.columns, maxima = new Float64Array(N);
  for (const { first, block } of rowBlocks(logits, 512)) {
    const m = largest(block), { rows, data } = block;
    maxima.set(m, first);
    for (let i = 0; i < rows; i++) {
      ofLabels += (m[i] - data[i * K + labels[first + i]]) / N;
      for (let k = 0; k < K; k++) {
        const difference = m[i] - data[i * K + k];
        meanOfAll += difference / N / K;
        if (difference > most) most = difference;
      }
    }
  }
  if (!Number.isFinite(most)) throw new RangeError("Logits differ by more than numbers can hold");
  return { maxima, ofLabels, meanOfAll, largest: most };
}

/** The mean loss at β = 1 / T, its slope in β over `unit`, and its curvature in β over the unit's square. */
function slopesAt(
  beta: number,
  { logits, labels }: Validation,
  { maxima, largest: unit }: { maxima: Float64Array; largest: number },
) {
  const { rows: N, columns: K } = logits, terms = new Float64Array(K);
  const perUnit = 1 / unit;
  let loss = 0, slope = 0, curvature = 0;
  for (const { first, block } of rowBlocks(logits, 512)) {
    const m = maxima.subarray(first), { data } = block;
    for (let i = 0, from = 0; i < block.rows; i++, from += K) {
      exponentials(data, { from, to: from + K, shift: m[i], scale: beta }, terms, 0);
      let s = 0, s1 = 0, s2 = 0;
      for (let k = 0; k < K; k++) {
        const e = terms[k], d = (data[from + k] - m[i]) * perUnit, ed = e * d;
        s += e;
        s1 += ed;
        s2 += ed * d;
      }
      const mean = s1 / s, d = (data[from + labels[first + i]] - m[i]) / unit;
      loss += (Math.log(s) - beta * unit * d) / N;
      slope += (mean - d) / N;
      curvature += (s2 / s - mean * mean) / N;
    }
  }
  return { loss, slope, curvature };
}
