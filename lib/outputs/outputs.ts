/**
 * What a network says of images: the input of every detector.
 *
 * N images, D features, C classes.
 *
 * @module
 */
import type { FloatMatrix } from "../linear_algebra/mod.ts";
import type { FeatureStatistics } from "../metrics/feature_statistics.ts";
import type { LastLayer } from "../metrics/last_layer.ts";

/** What a network says of N images: penultimate features (N × D) and logits (N × C), in float32 or float64. */
export interface Outputs<M extends FloatMatrix = FloatMatrix> {
  /** The features, N × D. */
  readonly features?: M;
  /** The logits, N × C. */
  readonly logits?: M;
}

/** What a detector may be fitted on; each asks for what it needs. */
export interface Training<M extends FloatMatrix = FloatMatrix> extends Outputs<M> {
  /** N classes, from 0. */
  readonly labels?: ArrayLike<number>;
  /** Means and covariances; computed from `features` and `labels` where they are not given. */
  readonly statistics?: FeatureStatistics;
  /** The layer from features to logits. */
  readonly lastLayer?: LastLayer;
}
