/**
 * What every out-of-distribution detector is: `fit` it on training images, then `score` any images. A score is
 * larger for in-distribution.
 *
 * N images, D features, C classes.
 *
 * @module
 */
import { checkMatrix, type Matrix, rowRange, sum } from "../linear_algebra/mod.ts";
import "../linear_algebra/openblas.ts";
import { checkFinite, featureStatistics } from "../metrics/feature_statistics.ts";
import type { Outputs, Training } from "../outputs/outputs.ts";

/** A score of how much an image looks like the training images. */
export interface Detector {
  readonly name: string;
  /**
   * Estimates what the score needs from training images, and returns the detector itself.
   *
   * @throws {MissingInputError} where `training` lacks what this detector needs.
   */
  fit(training: Training): Detector;
  /**
   * A score for each image, larger for in-distribution.
   *
   * @throws {NotFittedError} before `fit`, of a detector that needs it.
   * @throws {MissingInputError} where `outputs` lack what this detector needs.
   * @throws {RangeError} where sizes differ from those in training or an entry is not finite.
   * @throws {TypeError} where entries are not in a Float64Array.
   */
  score(outputs: Outputs): Float64Array;
}

/** Thrown where a detector is asked for scores before it was fitted. */
export class NotFittedError extends Error {
  override name = "NotFittedError";
}

/** Thrown where a detector lacks an input that it needs. */
export class MissingInputError extends TypeError {
  override name = "MissingInputError";
}

/** Outputs whose parts are there and of the size in training: reading one that is not throws. */
export type CheckedOutputs = { readonly [Part in keyof Outputs]-?: NonNullable<Outputs[Part]> };
/** Training input whose parts are there and finite: reading one that is not throws. */
export type CheckedTraining = { readonly [Part in keyof Training]-?: NonNullable<Training[Part]> };

/** Some of the images that are scored: the first of them, and memory for what is computed of them. */
export interface Block {
  readonly first: number;
  /** A matrix of any entries, whose memory is that of the last block's under this name. */
  scratch(name: string, rows: number, columns: number): Matrix;
}

/** Images that are scored at a time: few enough for the processor's cache to hold what is computed from them. */
const BLOCK = 512;

/**
 * A detector from its two formulas: `estimate` gives the fitted state, and `evaluate` the scores from it, of a block of
 * images at a time. One without `estimate` needs no fitting.
 *
 * An infinity or NaN must leave its image's score infinite or NaN, as arithmetic and `largest` do by themselves: then
 * the scores tell that there is one, and `score` need not look at every entry.
 */
export function detector<State>(
  name: string,
  { estimate, evaluate }: {
    estimate?: (training: CheckedTraining) => State;
    evaluate: (outputs: CheckedOutputs, state: State, block: Block) => Float64Array;
  },
): Detector {
  const scratch = scratchMemory();
  let fitted: { state: State; size: (part: keyof Outputs) => number | undefined } | undefined;
  return {
    name,
    fit(training) {
      if (estimate) {
        fitted = { state: estimate(checkedTraining(name, training)), size: sizes(training) };
      }
      return this;
    },
    score(outputs) {
      if (estimate && !fitted) {
        throw new NotFittedError(`${name} has not seen training images: call fit() before score()`);
      }
      const { features, logits } = outputs, count = (features ?? logits)?.rows ?? 0;
      if (features) checkMatrix(features, "features");
      if (logits) checkMatrix(logits, "logits");
      if (features && logits && features.rows !== logits.rows) {
        throw new RangeError(
          `Features and logits are of the same images: got ${features.rows} and ${logits.rows}`,
        );
      }
      const scores = new Float64Array(count);
      // An empty set is evaluated too, as one of the wrong size is an error.
      for (let first = 0; first === 0 || first < count; first += BLOCK) {
        const images = mapParts(outputs, (part) => rowRange(part, first, first + BLOCK));
        const checked = checkedOutputs(name, images, { size: fitted?.size });
        scores.set(evaluate(checked, fitted?.state as State, { first, scratch }), first);
      }
      if (!Number.isFinite(sum(scores))) refuseInfinite(name, scores, outputs);
      return scores;
    },
  };
}

/** Throws what made a score infinite or NaN, where one is. */
function refuseInfinite(name: string, scores: Float64Array, outputs: Outputs): void {
  const image = scores.findIndex((score) => !Number.isFinite(score));
  if (image < 0) return;
  for (const part of ["features", "logits"] as const) {
    const entries = outputs[part];
    if (entries) checkFinite(rowRange(entries, image, image + 1), part, image);
  }
  throw new RangeError(
    `The score of image ${image} by ${name} is ${
      scores[image]
    }: its features and logits are finite, but too large to compute with`,
  );
}

function scratchMemory(): Block["scratch"] {
  const memory = new Map<string, Float64Array>();
  return (name, rows, columns) => {
    const known = memory.get(name), length = rows * columns;
    const data = known && known.length >= length ? known : new Float64Array(length);
    memory.set(name, data);
    return { rows, columns, data: data.subarray(0, length) };
  };
}

function mapParts({ features, logits }: Outputs, map: (part: Matrix) => Matrix): Outputs {
  return { features: features && map(features), logits: logits && map(logits) };
}

function checkedOutputs(
  name: string,
  outputs: Outputs,
  { size = () => undefined, finite = false }: {
    size?: (part: keyof Outputs) => number | undefined;
    finite?: boolean;
  } = {},
): CheckedOutputs {
  const part = (key: keyof Outputs) => {
    const value = outputs[key];
    if (!value) throw new MissingInputError(`${name} needs ${key}, and none were given`);
    if (size(key) !== undefined && value.columns !== size(key)) {
      throw new RangeError(
        `${name} was fitted with ${
          size(key)
        } ${key} an image, and these images have ${value.columns}`,
      );
    }
    if (finite) checkFinite(value, key);
    return value;
  };
  return {
    get features() {
      return part("features");
    },
    get logits() {
      return part("logits");
    },
  };
}

function checkedTraining(name: string, training: Training): CheckedTraining {
  const need = <Part extends keyof Training>(part: Part) => {
    const value = training[part];
    if (value === undefined) {
      throw new MissingInputError(`${name} needs ${part} of training images to be fitted`);
    }
    return value as NonNullable<Training[Part]>;
  };
  return Object.defineProperties(
    checkedOutputs(name, training, { finite: true }) as CheckedTraining,
    {
      labels: { get: () => need("labels") },
      lastLayer: { get: () => need("lastLayer") },
      statistics: {
        get: () => training.statistics ?? featureStatistics(need("features"), need("labels")),
      },
    },
  );
}

/** How many features, and how many logits, an image had in training, where that can be told. */
function sizes({ features, logits, statistics, lastLayer }: Training) {
  return (part: keyof Outputs) =>
    part === "features"
      ? (features ?? statistics?.classMeans ?? lastLayer?.weights)?.columns
      : logits?.columns ?? (statistics?.classMeans ?? lastLayer?.weights)?.rows;
}
