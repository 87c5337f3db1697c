/**
 * Batches of images as a network takes them: standardised float32, augmented for training.
 *
 * @module
 */
import { CHANNELS, IMAGE_BYTES, type ImageSet, SIDE } from "./images.ts";
import type { Random } from "../random.ts";
import type { Standardization } from "./standardization.ts";

/**
 * Mean and standard deviation of each channel (R, G, B) of the CIFAR-100 training images, on the scale 0 … 1, to
 * the four digits that implementations of the field share.
 */
export const CIFAR100_STANDARDIZATION: Standardization = {
  mean: [0.5071, 0.4865, 0.4409],
  deviation: [0.2673, 0.2564, 0.2762],
};

const PADDING = 4;

/** What augments the images of an epoch: the source of the crops, and the epoch's number. */
export interface Augmentation {
  /** The source of randomness. */
  readonly random: Random;
  /** The epoch, from which mirroring alternates. */
  readonly epoch: number;
}

/**
 * Writes the standardised images at `indices` into `batch`, B × 32 × 32 × 3. With `augmentation` they are cropped at random
 * from the image padded by 4 black pixels on each side (He et al. 2016, section 4.2) and mirrored in every other epoch,
 * those of odd index in the even epochs and those of even index in the odd ones, so that two epochs show every image both
 * ways (Jordan 2024, arXiv:2404.00498, section 3.6).
 *
 * @throws {RangeError} where `batch` has not B × 3,072 entries.
 */
export function fillBatch(
  batch: Float32Array,
  { images, indices, augmentation, standardization = CIFAR100_STANDARDIZATION }: {
    images: ImageSet;
    indices: ArrayLike<number>;
    augmentation?: Augmentation;
    standardization?: Standardization;
  },
): void {
  if (batch.length !== indices.length * IMAGE_BYTES) {
    throw new RangeError(
      `A batch of ${indices.length} images has ${
        indices.length * IMAGE_BYTES
      } entries, got ${batch.length}`,
    );
  }
  const values = standardizedBytes(standardization);
  for (let b = 0; b < indices.length; b++) {
    const from = indices[b] * IMAGE_BYTES, to = b * IMAGE_BYTES;
    const flip = augmentation !== undefined && (indices[b] + augmentation.epoch) % 2 === 1;
    const [down, right] = augmentation === undefined ? [0, 0] : shift(augmentation);
    for (let y = 0; y < SIDE; y++) {
      for (let x = 0; x < SIDE; x++) {
        const row = y + down, column = (flip ? SIDE - 1 - x : x) + right;
        const inside = row >= 0 && row < SIDE && column >= 0 && column < SIDE;
        const pixel = from + (row * SIDE + column) * CHANNELS, k = to + (y * SIDE + x) * CHANNELS;
        batch[k] = values[inside ? images.pixels[pixel] : 0];
        batch[k + 1] = values[256 + (inside ? images.pixels[pixel + 1] : 0)];
        batch[k + 2] = values[512 + (inside ? images.pixels[pixel + 2] : 0)];
      }
    }
  }
}

function shift({ random }: Augmentation): number[] {
  return [0, 0].map(() => random.integer(2 * PADDING + 1) - PADDING);
}

/** The standardised value of each byte of each channel, 3 × 256. */
function standardizedBytes({ mean, deviation }: Standardization): Float32Array {
  return Float32Array.from(
    { length: CHANNELS * 256 },
    (_, k) => ((k & 255) / 255 - mean[k >> 8]) / deviation[k >> 8],
  );
}
