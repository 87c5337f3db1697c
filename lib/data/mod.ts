/**
 * Data sets: small ones made from a seed or read from this project's dependencies, image sets read from disk, and the files that
 * results are kept in.
 *
 * ```ts
 * import { twoMoons } from "./mod.ts";
 * import { seeded } from "../random.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { X, labels } = twoMoons(seeded(1), { points: 100 });
 * assertEquals([X.rows, X.columns, labels.length], [100, 2, 100]);
 * ```
 *
 * @module
 */
// Made from a seed
export { lineSet, type RegressionSet, type RegressionSetOptions, sineSet } from "./regression.ts";
export { blobs, type BlobsOptions, blobsProbability, courseCentres } from "./blobs.ts";
export { twoMoons, type TwoMoonsOptions, twoMoonsProbability } from "./two_moons.ts";
// Measured
export { type CarbonDioxideRecord, readCarbonDioxide } from "./carbon_dioxide.ts";
export { measurements, type Penguins, readPenguins, species } from "./penguins.ts";
// Images
export { CIFAR100_CLASSES } from "./cifar100_classes.ts";
export { type CifarSet, readCifar } from "./cifar.ts";
export { readSvhn } from "./svhn.ts";
export {
  firstImages,
  firstOfEachClass,
  IMAGE_BYTES,
  type ImageSet,
  imagesPerClass,
  selectImages,
} from "./images.ts";
export { installSet, PUBLISHED_SETS, type PublishedSet } from "./image_sets.ts";
export { dataDirectory } from "./directory.ts";
export { DownloadError, type DownloadOptions, type RemoteFile } from "./download.ts";
// Preparing
export { checkLabelled, type Labelled, selected } from "./labelled.ts";
export {
  fitStandardization,
  type FittedStandardization,
  type Standardization,
} from "./standardization.ts";
export { stratifiedSplit } from "./stratified_split.ts";
export { type Augmentation, CIFAR100_STANDARDIZATION, fillBatch } from "./batches.ts";
// Files
export {
  type ArrayChoice,
  type MatrixFile,
  openMatrix,
  readLabels,
  readMatrix,
  type RowRange,
} from "./matrix_files.ts";
export type { ElementType, NumericArray } from "./element_types.ts";
export {
  readSafetensors,
  type Safetensors,
  storedNumbers,
  type StoredTensor,
  storedTensor,
  type StoredType,
  type StoredValues,
  writeSafetensors,
} from "./safetensors.ts";
export { DataFileError } from "./files.ts";
