/**
 * Sets of labelled colour images of 32 × 32 pixels, as CIFAR and SVHN have them.
 *
 * @module
 */

/** Height and width of an image. */
export const SIDE = 32;
/** Red, green, blue. */
export const CHANNELS = 3;
/** Bytes of one image. */
export const IMAGE_BYTES = SIDE * SIDE * CHANNELS;

/** N labelled images. */
export interface ImageSet {
  /** What the set is called wherever it appears: "CIFAR-100 test". */
  readonly name: string;
  /** N × 32 × 32 × 3, row-major: pixels from left to right, top to bottom, each as red, green, blue. */
  readonly pixels: Uint8Array;
  /** The class of each image, 0 … K − 1. */
  readonly labels: Uint8Array;
}

/** The first `count` images of a set, sharing its memory. */
export function firstImages({ name, pixels, labels }: ImageSet, count: number): ImageSet {
  if (!Number.isInteger(count) || count < 1 || count > labels.length) {
    throw new RangeError(`${name} has ${labels.length} images, ${count} were asked for`);
  }
  return {
    name,
    pixels: pixels.subarray(0, count * IMAGE_BYTES),
    labels: labels.subarray(0, count),
  };
}

/** The images of a set at `indices`, in that order. */
export function selectImages(
  { name, pixels, labels }: ImageSet,
  indices: ArrayLike<number>,
): ImageSet {
  const result = {
    name,
    pixels: new Uint8Array(indices.length * IMAGE_BYTES),
    labels: Uint8Array.from(indices, (i) => labels[i]),
  };
  for (let k = 0; k < indices.length; k++) {
    const from = indices[k] * IMAGE_BYTES;
    result.pixels.set(pixels.subarray(from, from + IMAGE_BYTES), k * IMAGE_BYTES);
  }
  return result;
}

/**
 * `perClass` images of every class: of each class the first ones, class by class.
 *
 * @throws {RangeError} where a class has fewer images.
 */
export function imagesPerClass(images: ImageSet, perClass: number): ImageSet {
  return selectImages(images, firstOfEachClass(images.labels, perClass, images.name));
}

/**
 * The indices of the first `perClass` images of every class, class by class.
 *
 * @param name What the labels are of, for the error.
 * @throws {RangeError} where a class has fewer images.
 */
export function firstOfEachClass(labels: Uint8Array, perClass: number, name: string): number[] {
  const byClass: number[][] = [];
  labels.forEach((label, i) => (byClass[label] ??= []).push(i));
  return byClass.flatMap((indices, label) => {
    if (indices.length < perClass) {
      throw new RangeError(
        `${name} has ${indices.length} images of class ${label}, not ${perClass}`,
      );
    }
    return indices.slice(0, perClass);
  });
}

/** Copies an image from the planes that CIFAR's files hold, red then green then blue, to interleaved pixels. */
export function interleavePlanes(planes: Uint8Array, pixels: Uint8Array): void {
  const plane = SIDE * SIDE;
  for (let i = 0, k = 0; i < plane; i++) {
    pixels[k++] = planes[i];
    pixels[k++] = planes[i + plane];
    pixels[k++] = planes[i + 2 * plane];
  }
}
