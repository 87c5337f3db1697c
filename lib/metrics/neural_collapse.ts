/**
 * How far a classifier has gone towards neural collapse: NC1 to NC4 of Papyan, Han and Donoho, "Prevalence of neural
 * collapse during the terminal phase of deep learning training" (PNAS 2020), and NC5 of Ben Ammar et al., "NECO"
 * (ICLR 2024). Each is 0 at full collapse unless said otherwise.
 *
 * All are meant for training images without augmentation, with the network in evaluation mode. μ_c is the mean
 * feature of class c, μ_G that of all images, w_c the classifier's weights for class c.
 *
 * @module
 */
import {
  dot,
  type Matrix,
  multiply,
  row,
  rowNorms,
  symmetricEigen,
  unitRows,
  zeros,
} from "../linear_algebra/mod.ts";
import { argmax } from "./classification.ts";
import {
  betweenClassCovariance,
  centredClassMeans,
  type FeatureStatistics,
  featureStatistics,
} from "./feature_statistics.ts";
import type { LastLayer } from "./last_layer.ts";

/** All measures of one network at one time; plain numbers, ready for a log. */
export interface NeuralCollapse {
  /** NC1 = tr(Σ_W Σ_B†) / C. */
  readonly withinClassVariability: number;
  /** tr Σ_W / tr Σ_B: another, cheaper quotient, not NC1. */
  readonly traceQuotient: number;
  /** tr Σ_W of each class alone. It may rise while NC1 falls, for it has the scale of the features. */
  readonly withinClassVariances: readonly number[];
  /** NC2: coefficient of variation of the norms. */
  readonly equinorm: { readonly classMeans: number; readonly classifier: number };
  /** NC2: mean distance of the cosines from −1/(C − 1). */
  readonly equiangularity: { readonly classMeans: number; readonly classifier: number };
  /** NC3: ‖W/‖W‖ − M/‖M‖‖² in the Frobenius norm. */
  readonly selfDuality: number;
  /** NC3, told otherwise: the mean cosine of w_c and μ_c − μ_G, 1 at full collapse. */
  readonly alignment: number;
  /** NC4: share of images whose prediction is not the class of the nearest mean. */
  readonly nearestMeanDisagreement: number;
  /** NC5 of each out-of-distribution set: the mean of |cos(μ_c, μ_OOD)|, uncentred. */
  readonly orthogonality: Readonly<Record<string, number>>;
}

/**
 * All measures, from training `features` (N × D), `logits` (N × C), `labels` and the `lastLayer`; and from the
 * features of any `outOfDistribution` sets by name.
 *
 * @throws {RangeError} where the sizes do not fit.
 */
export function neuralCollapse(
  { features, logits, labels, lastLayer, outOfDistribution = {} }: {
    features: Matrix;
    logits: Matrix;
    labels: ArrayLike<number>;
    lastLayer: LastLayer;
    outOfDistribution?: Readonly<Record<string, Matrix>>;
  },
): NeuralCollapse {
  const statistics = featureStatistics(features, labels, { classes: lastLayer.weights.rows });
  const M = centredClassMeans(statistics), W = lastLayer.weights;
  return {
    withinClassVariability: withinClassVariability(statistics),
    traceQuotient: traceQuotient(statistics),
    withinClassVariances: [...statistics.withinClassVariances],
    equinorm: { classMeans: equinorm(M), classifier: equinorm(W) },
    equiangularity: { classMeans: equiangularity(M), classifier: equiangularity(W) },
    selfDuality: selfDuality(W, M),
    alignment: average(alignments(W, M)),
    nearestMeanDisagreement: nearestMeanDisagreement({ features, logits }, statistics),
    orthogonality: Object.fromEntries(
      Object.entries(outOfDistribution).map((
        [name, ood],
      ) => [name, orthogonality(statistics, ood)]),
    ),
  };
}

/**
 * NC1 = tr(Σ_W Σ_B†) / C, with the pseudo-inverse from the top C − 1 eigenpairs of Σ_B.
 *
 * Σ_B has rank C − 1 at most; a pseudo-inverse that keeps rounding noise as a direction, as one in float32 does,
 * gives values of either sign in the millions. Some implementations do not divide by C.
 *
 * @throws {RangeError} where all class means are equal.
 */
export function withinClassVariability(statistics: FeatureStatistics): number {
  const { values, vectors } = symmetricEigen(betweenClassCovariance(statistics));
  const C = statistics.counts.length, D = values.length;
  if (!(values[D - 1] > 0)) throw new RangeError("All class means are equal: NC1 divides by zero");
  const projected = multiply(statistics.withinClassCovariance, vectors); // Σ_W V
  let trace = 0;
  for (let k = D - 1; k >= Math.max(0, D - (C - 1)); k--) {
    if (values[k] <= D * Number.EPSILON * values[D - 1]) break; // means that span less than C − 1 dimensions
    let variance = 0; // v_kᵀ Σ_W v_k
    for (let j = 0; j < D; j++) variance += vectors.data[j * D + k] * projected.data[j * D + k];
    trace += variance / values[k];
  }
  return trace / C;
}

/** tr Σ_W / tr Σ_B. */
export function traceQuotient(statistics: FeatureStatistics): number {
  const within = trace(statistics.withinClassCovariance);
  return within / trace(betweenClassCovariance(statistics));
}

/** The coefficient of variation of the norms of the rows of `vectors`: standard deviation / mean. */
export function equinorm(vectors: Matrix): number {
  const norms = rowNorms(vectors), mean = average(norms);
  return Math.sqrt(average(norms.map((norm) => (norm - mean) ** 2))) / mean;
}

/** cos(v_c, v_c') of the rows of `vectors`, C × C. */
export function cosines(vectors: Matrix): Matrix {
  const units = unitRows(vectors);
  return multiply(units, units, { transposeB: true });
}

/** The mean of |cos(v_c, v_c') + 1/(C − 1)| over the pairs c ≠ c' of rows of `vectors`. */
export function equiangularity(vectors: Matrix): number {
  const { rows: C, data } = cosines(vectors);
  let sum = 0;
  for (let k = 0; k < C * C; k++) if (k % (C + 1) !== 0) sum += Math.abs(data[k] + 1 / (C - 1));
  return sum / (C * (C - 1));
}

/** NC3: ‖W/‖W‖_F − M/‖M‖_F‖²_F, between 0 and 4. */
export function selfDuality(W: Matrix, M: Matrix): number {
  sameShape(W, M);
  const w = Math.sqrt(dot(W.data, W.data)), m = Math.sqrt(dot(M.data, M.data));
  return W.data.reduce((sum, value, k) => sum + (value / w - M.data[k] / m) ** 2, 0);
}

/** cos(w_c, m_c) of each class c: the rows of W and of M. */
export function alignments(W: Matrix, M: Matrix): Float64Array {
  sameShape(W, M);
  const a = unitRows(W), b = unitRows(M);
  return Float64Array.from({ length: W.rows }, (_, c) => dot(row(a, c), row(b, c)));
}

/** NC4: the share of images whose largest logit is not of the class whose mean is nearest. */
export function nearestMeanDisagreement(
  { features, logits }: { features: Matrix; logits: Matrix },
  { classMeans }: Pick<FeatureStatistics, "classMeans">,
): number {
  if (features.rows !== logits.rows || logits.columns !== classMeans.rows) {
    throw new RangeError(
      `Logits of ${features.rows} images and ${classMeans.rows} classes are needed, got ` +
        `${logits.rows} × ${logits.columns}`,
    );
  }
  // ‖f − μ_c‖² = ‖f‖² − 2 (fᵀμ_c − ½‖μ_c‖²), so the nearest mean has the largest bracket
  const products = multiply(features, classMeans, { transposeB: true });
  const halves = rowNorms(classMeans).map((norm) => norm ** 2 / 2);
  let disagreements = 0;
  for (let i = 0; i < logits.rows; i++) {
    const nearest = argmax(row(products, i).map((product, c) => product - halves[c]));
    if (argmax(row(logits, i)) !== nearest) disagreements++;
  }
  return disagreements / logits.rows;
}

/**
 * NC5: the mean over classes of |cos(μ_c, μ_OOD)|, uncentred, where μ_OOD is the mean of the rows of `features`.
 *
 * Features after a ReLU are not negative, which keeps it from 0 in practice.
 */
export function orthogonality(
  { classMeans }: Pick<FeatureStatistics, "classMeans">,
  features: Matrix,
): number {
  const sum = zeros(1, features.columns);
  for (let k = 0; k < features.data.length; k++) sum.data[k % features.columns] += features.data[k];
  const cosines = multiply(unitRows(classMeans), unitRows(sum), { transposeB: true });
  return average(cosines.data.map(Math.abs));
}

const average = (values: Float64Array) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const trace = ({ rows, data }: Matrix) => {
  let sum = 0;
  for (let i = 0; i < rows; i++) sum += data[i * (rows + 1)];
  return sum;
};

function sameShape(W: Matrix, M: Matrix): void {
  if (W.rows !== M.rows || W.columns !== M.columns) {
    throw new RangeError(
      `Classifier and class means have one shape, got ${W.rows} × ${W.columns} and ${M.rows} × ${M.columns}`,
    );
  }
}
