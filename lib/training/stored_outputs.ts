/**
 * What a trained network makes of the image sets, as `readNetworkOutputs` reads it: so that detectors and collapse can be
 * studied without images.
 *
 * @module
 */
import { firstOfEachClass } from "../data/images.ts";
import { type LabelledOutputs, selectOutputs } from "../outputs/network_outputs.ts";
import type { StoredTensor } from "../data/safetensors.ts";
import { residualSpace } from "../detectors/residual.ts";
import { virtualLogitScale } from "../detectors/vim.ts";
import type { Matrix } from "../linear_algebra/mod.ts";
import { featureStatistics } from "../metrics/feature_statistics.ts";
import { quantile } from "../metrics/quantile.ts";
import type { ResNet18 } from "../resnet/resnet.ts";
import { lastLayerOf } from "../resnet/outputs.ts";

const TRAINING_IMAGES_PER_CLASS = 50;
const REACT_PERCENTILE = 0.9;

/** A network's outputs for the image sets that are kept. */
export interface OutputSets {
  /** For all training images. */
  readonly training: LabelledOutputs;
  /** Those of the CIFAR-100 test images. */
  readonly test: LabelledOutputs;
  /** Those of the CIFAR-10 test images. */
  readonly cifar10: LabelledOutputs;
  /** Those of the SVHN test images. */
  readonly svhn: LabelledOutputs;
}

/**
 * Features and logits (float16) and labels of each set, of 50 images a class for the training set; the last layer; and
 * of all training images, in float64, class means, covariances, ViM's α and ReAct's threshold.
 */
export function storedOutputs(
  network: ResNet18,
  { training, ...others }: OutputSets,
): [string, StoredTensor][] {
  const sample = firstOfEachClass(
    training.labels,
    TRAINING_IMAGES_PER_CLASS,
    "The training set",
  );
  const sets = { train: selectOutputs(training, sample), ...others };
  const lastLayer = lastLayerOf(network);
  const statistics = featureStatistics(training.features, training.labels, {
    classes: network.classes,
  });
  const alpha = virtualLogitScale(training, residualSpace(statistics, { lastLayer }));
  const threshold = quantile(training.features.data, REACT_PERCENTILE);
  return [
    ...Object.entries(sets).flatMap(
      ([name, { features, logits, labels }]): [string, StoredTensor][] => [
        [`${name}_features`, half(features)],
        [`${name}_logits`, half(logits)],
        [`${name}_labels`, { shape: [labels.length], values: labels }],
      ],
    ),
    ["classifier_weight", double(lastLayer.weights)],
    ["classifier_bias", double(lastLayer.bias)],
    ["class_counts", double(statistics.counts)],
    ["mean", double(statistics.mean)],
    ["class_means", double(statistics.classMeans)],
    ["within_class_covariance", double(statistics.withinClassCovariance)],
    ["total_covariance", double(statistics.totalCovariance)],
    ["within_class_variances", double(statistics.withinClassVariances)],
    ["vim_alpha", double(Float64Array.of(alpha))],
    ["react_threshold", double(Float64Array.of(threshold))],
  ];
}

function half({ rows, columns, data }: Matrix): StoredTensor {
  return { shape: [rows, columns], values: new Float16Array(data) };
}

function double(values: Matrix | Float64Array): StoredTensor {
  return values instanceof Float64Array
    ? { shape: [values.length], values }
    : { shape: [values.rows, values.columns], values: values.data };
}
