/**
 * What a network gives for images, features and logits, an image a row: the input of every detector. The committed
 * network's outputs are read from files.
 *
 * ```ts
 * import type { Outputs } from "./mod.ts";
 * import { matrix } from "../linear_algebra/mod.ts";
 *
 * const images: Outputs = { features: matrix([[0.3, 1.2], [0.9, 0]]), logits: matrix([[2, 0], [0, 1]]) };
 * ```
 *
 * @module
 */
// Of any network
export type { Outputs, Training } from "./outputs.ts";
// Of the committed network
export {
  type FromImages,
  type LabelledOutputs,
  type NetworkOutputs,
  type OtherImplementations,
  readFromImages,
  readNetworkOutputs,
  readOtherImplementations,
  selectOutputs,
  splitTest,
} from "./network_outputs.ts";
