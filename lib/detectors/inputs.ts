/**
 * What detectors are given, checked: training images to fit on, and images to score.
 *
 * @module
 */
import { checkMatrix, type Matrix } from "../linear_algebra/mod.ts";
import { checkFinite, featureStatistics } from "../metrics/feature_statistics.ts";
import { checkLastLayer } from "../metrics/last_layer.ts";
import type { Outputs, Training } from "../outputs/outputs.ts";
import { shown } from "../checks.ts";

/** What a score is computed from. */
export type ImagePart = keyof Outputs;

/** What a detector learns from. Statistics come from features and labels where they are not given. */
export type Learnable = Required<Omit<Training, "labels">>;
export type TrainingPart = keyof Learnable;

/** Thrown where a detector lacks an input that it needs. */
export class MissingInputError extends TypeError {
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
  features: ({ features }) => features && finite(features, "features"),
  logits: ({ logits }) => logits && finite(logits, "logits"),
  lastLayer: ({ lastLayer }) => lastLayer && checkLastLayer(lastLayer),
  statistics: ({ statistics, features, labels }) =>
    statistics ?? (features && labels && featureStatistics(features, labels)),
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
  const parts = needed.map((part) => {
    const value = learn[part](training);
    if (value) return [part, value];
    const what = part === "statistics" ? "statistics, or features and labels," : part;
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

function checkSameImages(name: string, outputs: Outputs): void {
  if (typeof outputs !== "object" || outputs === null) {
    throw new TypeError(`${name} takes { features, logits }, got ${shown(outputs)}`);
  }
  const { features, logits } = outputs;
  if (features) checkMatrix(features, "features");
  if (logits) checkMatrix(logits, "logits");
  if (features && logits && features.rows !== logits.rows) {
    throw new RangeError(
      `Features and logits are of the same images: got ${features.rows} and ${logits.rows}`,
    );
  }
}

function finite(A: Matrix, name: string): Matrix {
  checkFinite(A, name);
  return A;
}
