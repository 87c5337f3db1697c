/**
 * What detectors are given, checked: training images to fit on, and images to score.
 *
 * @module
 */
import { checkFloatMatrix, type FloatMatrix } from "../linear_algebra/mod.ts";
import {
  checkFinite,
  type ClassMeans,
  classMeansOf,
  featureStatistics,
} from "../metrics/feature_statistics.ts";
import { checkLastLayer } from "../metrics/last_layer.ts";
import type { Outputs, Training } from "../outputs/outputs.ts";
import { shown } from "../checks.ts";

/** What a score is computed from. */
export type ImagePart = keyof Outputs;

/** What a detector learns from. Means and statistics come from features and labels where they are not given. */
export interface Learnable extends Required<Training> {
  readonly means: ClassMeans;
}

/** What a detector is fitted on: a part of the training images. */
export type TrainingPart = "means" | keyof Training;

/** Thrown where a detector lacks an input that it needs. */
export class MissingInputError extends TypeError {
  /** The kind of the error. */
  override name = "MissingInputError";
}

/** How many features, and how many logits, an image has, where that is known. */
export type Sizes = Readonly<Partial<Record<ImagePart, number>>>;

/** How many features and logits the training images have. */
export function sizesOf({ features, logits, statistics, lastLayer }: Training): Sizes {
  return {
    features: (features ?? statistics?.classMeans ?? lastLayer?.weights)?.columns,
    logits: logits?.columns ?? lastLayer?.weights.rows,
  };
}

const learn: {
  readonly [Part in TrainingPart]: (training: Training) => Learnable[Part] | undefined;
} = {
  features: ({ features }) => features && checkFinite(features, "features"),
  logits: ({ logits }) => logits && checkFinite(logits, "logits"),
  labels: ({ labels }) => labels,
  lastLayer: ({ lastLayer }) => lastLayer && checkLastLayer(lastLayer),
  statistics: ({ statistics, features, labels }) =>
    statistics ?? (features && labels && featureStatistics(features, labels)),
  means: ({ statistics, features, labels }) =>
    statistics ?? (features && labels && classMeansOf(features, labels)),
};

/**
 * The parts of `training` that the detector called `name` needs.
 *
 * @throws {MissingInputError} where one is not given.
 * @throws {RangeError | TypeError} where one is no such thing, or two are of different sizes.
 */
export function trainingParts<Part extends TrainingPart>(
  name: string,
  training: Training,
  needed: readonly Part[],
): Pick<Learnable, Part> {
  checkSameImages(name, training);
  checkSameWidth(training);
  const parts = needed.map((part) => {
    const value = learn[part](training);
    if (value) return [part, value];
    const what = part === "statistics" || part === "means"
      ? "statistics, or features and labels,"
      : part;
    throw new MissingInputError(`${name} needs ${what} of training images: pass them to fit()`);
  });
  return Object.fromEntries(parts);
}

/**
 * `outputs`, once the parts that the detector called `name` needs are there and of the `sizes` in training, and all that
 * are given are of the same images.
 *
 * @throws {MissingInputError | RangeError | TypeError}
 */
export function checkImages<Part extends ImagePart>(
  name: string,
  outputs: Outputs,
  needed: readonly Part[],
  sizes: Sizes,
): Pick<Required<Outputs>, Part> {
  checkSameImages(name, outputs);
  for (const part of needed) {
    const value = outputs[part], size = sizes[part];
    if (!value) throw new MissingInputError(`${name} needs ${part}, and none were given`);
    if (size !== undefined && value.columns !== size) {
      throw new RangeError(
        `${name} was fitted with ${size} ${part} an image, and these images have ${value.columns}`,
      );
    }
  }
  return outputs as Pick<Required<Outputs>, Part>;
}

/** @throws {RangeError} where the parts differ in the number of features or logits. */
function checkSameWidth({ features, logits, statistics, lastLayer }: Training): void {
  const widths: [what: string, ofFeatures?: number, ofLogits?: number][] = [
    ["the images", features?.columns, logits?.columns],
    ["the statistics", statistics?.classMeans.columns],
    ["the last layer", lastLayer?.weights.columns, lastLayer?.weights.rows],
  ];
  for (const [index, part] of [[1, "features"], [2, "logits"]] as const) {
    const known = widths.filter((width) => width[index] !== undefined);
    const other = known.find((width) => width[index] !== known[0][index]);
    if (!other) continue;
    throw new RangeError(
      `${known[0][0]} have ${known[0][index]} ${part} and ${other[0]} has ${
        other[index]
      } ${part}: ` +
        "they are of one network",
    );
  }
}

/** @throws {RangeError} where `logits` are of one class, whose probability is always 1. */
export function checkSeveralClasses(name: string, logits: FloatMatrix): void {
  if (logits.columns < 2) {
    throw new RangeError(`${name} needs logits of at least two classes, got ${logits.columns}`);
  }
}

function checkSameImages(name: string, outputs: Outputs): void {
  if (typeof outputs !== "object" || outputs === null) {
    throw new TypeError(`${name} takes { features, logits }, got ${shown(outputs)}`);
  }
  const { features, logits } = outputs;
  if (features) checkFloatMatrix(features, "features");
  if (logits) checkFloatMatrix(logits, "logits");
  if (features && logits && features.rows !== logits.rows) {
    throw new RangeError(
      `Features and logits are of the same images: got ${features.rows} and ${logits.rows}`,
    );
  }
}
