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
  centred,
  dot,
  float64Rows,
  type FloatMatrix,
  type Matrix,
  multiply,
  nearest,
  pointsOf,
  positiveRowNorms,
  row,
  rowBlocks,
  svd,
  unitRows,
  zeros,
} from "../linear_algebra/mod.ts";
import { argmax } from "./classification.ts";
import {
  centredClassMeans,
  checkFinite,
  type FeatureStatistics,
  featureStatistics,
  weightedClassMeans,
} from "./feature_statistics.ts";
import { checkLastLayer, type LastLayer } from "./last_layer.ts";

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
 * @throws {RangeError} where the sizes do not fit, there are fewer than two classes or images a class, or all class means
 * are equal.
 * @throws {TypeError} where an input is of another kind.
 */
export function neuralCollapse(
  { features, logits, labels, lastLayer, outOfDistribution = {} }: {
    features: FloatMatrix;
    logits: FloatMatrix;
    labels: ArrayLike<number>;
    lastLayer: LastLayer;
    outOfDistribution?: Readonly<Record<string, FloatMatrix>>;
  },
): NeuralCollapse {
  checkLastLayer(lastLayer);
  checkFinite(logits, "logits");
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
 * NC1 = tr(Σ_W Σ_B†) / C, with the pseudo-inverse from the singular values of the class means about μ_G.
 *
 * Σ_B has rank C − 1 at most; a pseudo-inverse that keeps rounding noise as a direction, as one in float32 does,
 * gives values of either sign in the millions. Some implementations do not divide by C.
 *
 * @throws {RangeError} where all class means are equal, or every class has one image, which does not vary.
 */
export function withinClassVariability(statistics: FeatureStatistics): number {
  const { s, V } = svd(separateMeans(statistics)), C = statistics.counts.length;
  if (statistics.counts.every((count) => count === 1)) {
    throw new RangeError("Variability within classes needs more than one image a class");
  }
  const projected = multiply(statistics.withinClassCovariance, V); // Σ_W V
  let trace = 0;
  for (let k = 0; k < Math.min(C - 1, s.length); k++) {
    if (s[k] <= V.rows * Number.EPSILON * s[0]) break; // means that span less than C − 1 dimensions
    let variance = 0; // v_kᵀ Σ_W v_k
    for (let j = k; j < V.data.length; j += V.columns) variance += V.data[j] * projected.data[j];
    trace += variance / s[k] ** 2;
  }
  return trace / C;
}

/**
 * tr Σ_W / tr Σ_B.
 *
 * @throws {RangeError} where all class means are equal.
 */
export function traceQuotient(statistics: FeatureStatistics): number {
  const { data } = separateMeans(statistics);
  return trace(statistics.withinClassCovariance) / dot(data, data);
}

/** √(N_c/N) (μ_c − μ_G), C × D, unless they are 0 up to rounding. */
function separateMeans(statistics: FeatureStatistics): Matrix {
  const B = weightedClassMeans(statistics), { mean, classMeans } = statistics;
  const rounding = 4 * Number.EPSILON * Math.sqrt(classMeans.rows * dot(mean, mean));
  if (!(Math.sqrt(dot(B.data, B.data)) > rounding)) {
    throw new RangeError("All class means are equal: collapse is measured between at least two");
  }
  return B;
}

/**
 * The coefficient of variation of the norms of the rows of `vectors`: standard deviation / mean.
 *
 * @throws {RangeError} where a row is all zeros.
 */
export function equinorm(vectors: Matrix): number {
  const norms = positiveRowNorms(vectors), mean = average(norms);
  return Math.sqrt(average(norms.map((norm) => (norm - mean) ** 2))) / mean;
}

/** cos(v_c, v_c') of the rows of `vectors`, C × C. */
export function cosines(vectors: Matrix): Matrix {
  const units = unitRows(vectors);
  return multiply(units, units, { transposeB: true });
}

/**
 * The mean of |cos(v_c, v_c') + 1/(C − 1)| over the pairs c ≠ c' of rows of `vectors`.
 *
 * @throws {RangeError} where there are fewer than two rows, or one is all zeros.
 */
export function equiangularity(vectors: Matrix): number {
  if (vectors.rows < 2) throw new RangeError(`Angles need two classes, got ${vectors.rows}`);
  const { rows: C, data } = cosines(vectors);
  let sum = 0;
  for (let k = 0; k < C * C; k++) if (k % (C + 1) !== 0) sum += Math.abs(data[k] + 1 / (C - 1));
  return sum / (C * (C - 1));
}

/**
 * NC3: ‖W/‖W‖_F − M/‖M‖_F‖²_F, between 0 and 4.
 *
 * @throws {RangeError} where the shapes differ, or one is all zeros.
 */
export function selfDuality(W: Matrix, M: Matrix): number {
  sameShape(W, M);
  const [w] = positiveRowNorms({ ...W, rows: 1, columns: W.data.length });
  const [m] = positiveRowNorms({ ...M, rows: 1, columns: M.data.length });
  return W.data.reduce((sum, value, k) => sum + (value / w - M.data[k] / m) ** 2, 0);
}

/** cos(w_c, m_c) of each class c: the rows of W and of M. */
export function alignments(W: Matrix, M: Matrix): Float64Array {
  sameShape(W, M);
  const a = unitRows(W), b = unitRows(M);
  return Float64Array.from({ length: W.rows }, (_, c) => dot(row(a, c), row(b, c)));
}

/**
 * NC4: the share of images whose largest logit is not of the class whose mean is nearest.
 *
 * @throws {RangeError} where the sizes do not fit.
 */
export function nearestMeanDisagreement(
  { features, logits }: { features: FloatMatrix; logits: FloatMatrix },
  { mean, classMeans }: Pick<FeatureStatistics, "mean" | "classMeans">,
): number {
  if (features.rows !== logits.rows || logits.columns !== classMeans.rows || logits.rows === 0) {
    throw new RangeError(
      `Logits of ${features.rows} images and ${classMeans.rows} classes are needed, got ` +
        `${logits.rows} × ${logits.columns}`,
    );
  }
  const means = pointsOf(centred(classMeans, mean));
  let disagreements = 0;
  for (const { first, block } of rowBlocks(features, 512)) {
    const { index } = nearest(centred(block, mean), means);
    const { data, columns } = float64Rows(logits, first, first + block.rows);
    index.forEach((c, i) => {
      if (argmax(data.subarray(i * columns, (i + 1) * columns)) !== c) disagreements++;
    });
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
  features: FloatMatrix,
): number {
  checkFinite(features, "features");
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
