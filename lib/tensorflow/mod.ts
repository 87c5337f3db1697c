/**
 * tfjs on the fastest device of this machine, and what training a residual network needs beyond it.
 *
 * @example
 * ```ts
 * import { describeDevice, tf } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * console.log(describeDevice());
 * assertEquals(tf.matMul([[1, 2]], [[3], [4]]).arraySync(), [[11]]);
 * ```
 *
 * @module
 */
import "../native.ts";
import "./files.ts";
export { describeDevice, type Device, hasBfloat16, tf } from "./device.ts";
export {
  type Across,
  addBias,
  batchNormalization,
  convolution,
  foldNormalization,
  type Normalization,
  type NormalizedBatch,
  relu,
} from "./operations.ts";
export { capture } from "./capture.ts";
export {
  checkCluster,
  type Cluster,
  ClusterError,
  isPrivateAddress,
  readCluster,
} from "./cluster.ts";
export { type Collective, type CollectiveOptions, joinCluster } from "./collective.ts";
export { CaptureError } from "./tracer.ts";
export { TensorFlowError } from "./c_api.ts";
export type { Rejection } from "./library.ts";
export { measureFasterStorage, type Storage, storageOf, storedAs } from "./mixed_precision.ts";
