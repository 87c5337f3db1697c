/**
 * Vector scaling: a factor and an offset for the logit of each class.
 *
 * @module
 */
import { checkOptions, checkPositive } from "../../checks.ts";
import {
  cholesky,
  choleskySolve,
  float64Rows,
  type FloatMatrix,
  type Matrix,
  multiply,
  zeros,
} from "../../linear_algebra/mod.ts";
import { bothClasses, type Calibrator, checkValidation, type Validation } from "./calibrator.ts";
import { logLikelihood } from "./likelihood.ts";
import { probabilitiesOf } from "./predictive.ts";

/** softmax(w ∘ z + b), with w and b one number a class. */
export class VectorScaling implements Calibrator {
  private constructor(readonly factors: Float64Array, readonly offsets: Float64Array) {
    Object.freeze(this);
  }

  /**
   * The most probable w and b, given the labels and Gaussian priors N(1, s²) on each factor and N(0, s²) on each offset,
   * by Newton's method. The priors keep classes of few images near where they were.
   *
   * @param options `priorDeviation`: s.
   * @throws {TypeError | RangeError} where logits or labels are none.
   * Source: Guo, Pleiss, Sun and Weinberger, On Calibration of Modern Neural Networks, ICML 2017, section 4.2.
   */
  static fit(validation: Validation, options: { priorDeviation?: number } = {}): VectorScaling {
    const { priorDeviation = 1 } = checkOptions("VectorScaling.fit()", options, ["priorDeviation"]);
    checkPositive("priorDeviation", priorDeviation);
    const { logits, labels } = checkValidation(validation), precision = priorDeviation ** -2;
    const z = float64Rows(logits, 0, Infinity), K = z.columns;
    const start = new Float64Array(2 * K).fill(1, 0, K);
    // −log p(labels, w, b) and its gradient with respect to the scaled logits
    const objective = (theta: Float64Array) => {
      const { value, gradient } = logLikelihood(scaledBy(z, theta), labels);
      const distance = theta.reduce((sum, t, k) => sum + (t - start[k]) ** 2, 0);
      return { value: precision * distance / 2 - value, gradient };
    };
    let theta = start, now = objective(theta);
    for (let step = 0; step < 100; step++) {
      const { slope, curvature } = derivatives(z, theta, now.gradient);
      for (let k = 0; k < 2 * K; k++) {
        slope.data[k] += precision * (theta[k] - start[k]);
        curvature.data[k * (2 * K + 1)] += precision;
      }
      const { data: direction } = choleskySolve(cholesky(curvature), slope);
      const decrease = direction.reduce((sum, d, k) => sum + d * slope.data[k], 0);
      if (!(decrease > 1e-12 * Math.abs(now.value))) break;
      let share = 1, next = theta, then = now;
      do {
        next = theta.map((t, k) => t - share * direction[k]);
        then = objective(next);
        share /= 2;
      } while (then.value > now.value - share * decrease / 10 && share > 1e-10);
      if (!(then.value < now.value)) break;
      theta = next;
      now = then;
    }
    return new VectorScaling(theta.slice(0, K), theta.slice(K));
  }

  /** Calibrated class probabilities, N × C, of logits. */
  calibrate(logits: FloatMatrix): Matrix {
    const z = float64Rows(bothClasses(logits), 0, Infinity);
    if (z.columns !== this.factors.length) {
      throw new RangeError(
        `The scaling is of ${this.factors.length} classes, and these logits are of ${z.columns}`,
      );
    }
    return probabilitiesOf(scaledBy(z, Float64Array.of(...this.factors, ...this.offsets)));
  }
}

/** w ∘ z + b of each row z, with θ = (w, b). */
function scaledBy({ rows, columns: K, data }: Matrix, theta: Float64Array): Matrix {
  return { rows, columns: K, data: data.map((z, at) => theta[at % K] * z + theta[K + at % K]) };
}

/** The slope, 2K × 1, and curvature, 2K × 2K, of −log p(labels | w, b), with `gradient` that of the likelihood in its logits. */
function derivatives(z: Matrix, theta: Float64Array, gradient: Matrix) {
  const { rows: N, columns: K } = z, p = probabilitiesOf(scaledBy(z, theta));
  const Q = zeros(N, 2 * K), slope = zeros(2 * K, 1), curvature = zeros(2 * K, 2 * K);
  const add = (j: number, k: number, value: number) => curvature.data[j * 2 * K + k] += value;
  for (let n = 0, at = 0; n < N; n++) {
    for (let k = 0; k < K; k++, at++) {
      const a = z.data[at], pk = p.data[at];
      Q.data[n * 2 * K + k] = pk * a;
      Q.data[n * 2 * K + K + k] = pk;
      slope.data[k] -= gradient.data[at] * a;
      slope.data[K + k] -= gradient.data[at];
      add(k, k, pk * a * a);
      add(k, K + k, pk * a);
      add(K + k, k, pk * a);
      add(K + k, K + k, pk);
    }
  }
  multiply(Q, Q, { transposeA: true }).data.forEach((q, k) => curvature.data[k] -= q);
  return { slope, curvature };
}
