/**
 * From a Gaussian over the logits of each point to class probabilities: the last step of Laplace's approximation, linearised.
 *
 * @module
 */
import { checkOneOf, checkOptions, checkWhole } from "../../checks.ts";
import { type Matrix, row, symmetricEigen, zeros } from "../../linear_algebra/mod.ts";
import { normals, type Random } from "../../random.ts";
import { checkDraws, type DrawOptions } from "./draws.ts";
import { expectedSigmoid } from "./gaussian_expectation.ts";
import { averaged, type Prediction, probabilitiesOf } from "./predictive.ts";

/** N independent Gaussians over C logits: their means, N × C, and covariances, N of C × C. */
export interface GaussianLogits {
  /** The means, N × K. */
  readonly mean: Matrix;
  /** The covariance of each input, K × K. */
  readonly covariances: readonly Matrix[];
}

/** How to average class probabilities over Gaussian logits a ~ N(m, V). */
export type LogitPrediction =
  /** σ(m / √(1 + π v / 8)), or the softmax of m_c / √(1 + π V_cc / 8): closed, approximate (MacKay 1992). */
  | { method: "probit" }
  /** E σ(a) by quadrature for one logit, from draws of the logits for more. */
  | { method: "linearised"; samples?: number; random?: Random };

/**
 * The class probabilities averaged over the Gaussian logits of each point.
 *
 * @throws {RangeError} where the method is unknown or the number of samples is not whole and positive.
 * @throws {TypeError} where draws are needed and there is no `random`.
 */
export function predictFromLogits(logits: GaussianLogits, how: LogitPrediction): Prediction {
  checkMethod(how, ["probit", "linearised"]);
  switch (how.method) {
    case "probit": {
      const { mean, covariances } = logits, C = mean.columns;
      const moderated = mean.data.map((m, i) => {
        const variance = covariances[Math.floor(i / C)].data[(i % C) * (C + 1)];
        return m / Math.sqrt(1 + Math.PI * variance / 8);
      });
      return { probabilities: probabilitiesOf({ ...mean, data: moderated }) };
    }
    case "linearised":
      return logits.mean.columns === 1
        ? { probabilities: expectedProbabilities(logits) }
        : fromDraws(logits, { random: how.random!, samples: how.samples });
  }
}

/**
 * Checks that a prediction's options name one of the `methods`, and no option that it does not take.
 *
 * @throws {TypeError | RangeError}
 */
export function checkMethod(
  how: { method: string; samples?: number; random?: Random },
  methods: readonly string[],
): void {
  const { method } = checkOptions("predict()", how, ["method", "samples", "random"]);
  checkOneOf("method", method, methods);
  if (method === "probit") checkOptions('predict() by "probit"', how, ["method"]);
  if (how.samples !== undefined) checkWhole("samples", how.samples, { least: 1 });
}

function expectedProbabilities({ mean, covariances }: GaussianLogits): Matrix {
  const result = zeros(mean.rows, 2);
  for (let n = 0; n < mean.rows; n++) {
    const p = expectedSigmoid(mean.data[n], covariances[n].data[0]);
    result.data.set([1 - p, p], 2 * n);
  }
  return result;
}

function fromDraws(
  { mean, covariances }: GaussianLogits,
  options: DrawOptions,
): Prediction {
  const { random, samples } = checkDraws("This prediction", options), C = mean.columns;
  const factors = covariances.map((covariance) => {
    const { values, vectors } = symmetricEigen(covariance); // a softmax's C logits may vary in fewer than C ways
    const scale = values.map((value) => Math.sqrt(Math.max(value, 0)));
    return { ...vectors, data: vectors.data.map((v, k) => v * scale[k % C]) };
  });
  return averaged(Array.from({ length: samples }, () => {
    const z = normals(random, mean.rows * C);
    const data = mean.data.map((m, i) => {
      const n = Math.floor(i / C), factor = row(factors[n], i % C);
      for (let c = 0; c < C; c++) m += factor[c] * z[n * C + c];
      return m;
    });
    return probabilitiesOf({ ...mean, data });
  }));
}
