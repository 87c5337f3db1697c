/**
 * What every out-of-distribution detector is: `fit` it on training images, then `score` any images. A score is
 * larger for in-distribution.
 *
 * N images, D features, C classes.
 *
 * @module
 */
import { float64Rows, type Matrix, sum } from "../linear_algebra/mod.ts";
import { checkFinite } from "../metrics/feature_statistics.ts";
import type { Outputs, Training } from "../outputs/outputs.ts";
import {
  checkImages,
  type ImagePart,
  type Learnable,
  type Sizes,
  sizesOf,
  type TrainingPart,
  trainingParts,
} from "./inputs.ts";

/** A way to tell how much an image looks like the training images, before it has seen any. */
export interface Detector {
  /** What tables and messages call it. */
  readonly name: string;
  /** What `fit` learns from, and what `score` is computed from. */
  readonly needs: Needs<TrainingPart, ImagePart>;
  /**
   * What the score needs, estimated from training images; the detector itself stays as it is.
   *
   * @throws {MissingInputError} where `training` lacks what this detector needs.
   * @throws {RangeError | TypeError} where what it needs is not finite or of sizes that do not fit.
   */
  fit(training: Training): FittedDetector;
}

/** A detector that knows the training images. */
export interface FittedDetector {
  /** What tables and messages call it. */
  readonly name: string;
  /**
   * A score for each image, larger for in-distribution.
   *
   * @throws {MissingInputError} where `outputs` lack what this detector needs.
   * @throws {RangeError} where sizes differ from those in training or an entry is not finite.
   * @throws {TypeError} where entries are not in a Float64Array or Float32Array.
   */
  score(outputs: Outputs): Float64Array;
}

/** A detector that learns nothing: it scores at once, and `fit` returns it as it is. */
export interface ReadyDetector extends Detector, FittedDetector {
  /** The detector itself, which needs no training images. */
  fit(training: Training): ReadyDetector;
}

/** Thrown where a detector is asked for scores before it was fitted. */
export class NotFittedError extends Error {
  /** The kind of the error. */
  override name = "NotFittedError";
}

/** The parts of training images, and of images to score, that a detector needs. */
export interface Needs<Learnt, Scored> {
  /** What it is fitted on. */
  readonly training: readonly Learnt[];
  /** What a score is computed from. */
  readonly images: readonly Scored[];
}

/** Some of the images that are scored: the first of them, and memory for what is computed of them. */
export interface Block {
  readonly first: number;
  /** A matrix of any entries, whose memory is that of the last block's under this name. */
  scratch(name: string, rows: number, columns: number): Matrix;
}

/** Images that are scored at a time: few enough for the processor's cache to hold what is computed from them. */
const BLOCK = 512;

/**
 * A detector from its two formulas: `estimate` gives what is learnt from the parts of training images that are needed,
 * and `evaluate` the scores of a block of images from it.
 *
 * An infinity or NaN must leave its image's score infinite or NaN, as arithmetic and `largest` do by themselves: then
 * the scores tell that there is one, and `score` need not look at every entry.
 */
export function detector<Learnt extends TrainingPart, Scored extends ImagePart, State>(
  name: string,
  { needs, estimate, evaluate }: {
    needs: Needs<Learnt, Scored>;
    estimate: (training: Pick<Learnable, Learnt>) => State;
    evaluate: (
      images: Pick<Required<Outputs<Matrix>>, Scored>,
      state: State,
      block: Block,
    ) => Float64Array;
  },
): Detector {
  const unfitted = {
    name,
    needs,
    fit(training: Training) {
      const state = estimate(trainingParts(name, training, needs.training));
      return fittedDetector(name, {
        needed: needs.images,
        sizes: sizesOf(training),
        evaluate: (images, block) => evaluate(images, state, block),
      });
    },
    /** For callers without types; to the others an unfitted detector has no scores. */
    score(): never {
      throw new NotFittedError(
        `${name} has not seen training images: call score() of what fit() returns`,
      );
    },
  };
  return Object.freeze(unfitted);
}

/** A detector from the formula of its score, where nothing is learnt. */
export function readyDetector<Scored extends ImagePart>(
  name: string,
  { needs: needed, evaluate }: {
    needs: readonly Scored[];
    evaluate: (images: Pick<Required<Outputs<Matrix>>, Scored>, block: Block) => Float64Array;
  },
): ReadyDetector {
  const ready: ReadyDetector = Object.freeze({
    ...fittedDetector(name, { needed, sizes: {}, evaluate }),
    needs: { training: [], images: needed },
    fit: () => ready,
  });
  return ready;
}

function fittedDetector<Scored extends ImagePart>(
  name: string,
  { needed, sizes, evaluate }: {
    needed: readonly Scored[];
    sizes: Sizes;
    evaluate: (images: Pick<Required<Outputs<Matrix>>, Scored>, block: Block) => Float64Array;
  },
): FittedDetector {
  const scratch = scratchMemory();
  return Object.freeze({
    name,
    score(outputs: Outputs) {
      const images = checkImages(name, outputs, needed, sizes), count = images[needed[0]].rows;
      const scores = new Float64Array(count);
      for (let first = 0; first < count; first += BLOCK) {
        const block = Object.fromEntries(needed.map((part) => {
          const into = (length: number) => scratch(`float64 ${part}`, 1, length).data;
          return [part, float64Rows(images[part], first, first + BLOCK, { into })];
        })) as Pick<Required<Outputs<Matrix>>, Scored>;
        scores.set(evaluate(block, { first, scratch }), first);
      }
      if (!Number.isFinite(sum(scores))) refuseInfinite(name, scores, outputs);
      return scores;
    },
  });
}

/** Throws what made a score infinite or NaN, where one is. */
function refuseInfinite(name: string, scores: Float64Array, outputs: Outputs): void {
  const image = scores.findIndex((score) => !Number.isFinite(score));
  if (image < 0) return;
  for (const part of ["features", "logits"] as const) {
    const entries = outputs[part];
    if (entries) checkFinite(float64Rows(entries, image, image + 1), part, image);
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
