/**
 * What a trained network makes of the image sets, as `readNetworkOutputs` reads it: so that detectors and collapse can be
 * studied without images.
 *
 * @module
 */
// @ts-types="npm:@types/d3-array@3.2.2"
import { quantile } from "d3-array";
import { type ImageSet, imagesPerClass } from "../data/images.ts";
import type { StoredTensor } from "../data/safetensors.ts";
import { residualSpace } from "../detectors/residual.ts";
import { virtualLogitScale } from "../detectors/vim.ts";
import type { Matrix } from "../linear_algebra/mod.ts";
import { featureStatistics } from "../metrics/feature_statistics.ts";
import type { ResNet18 } from "../models/resnet.ts";
import { classifierOf, outputsOf } from "./outputs.ts";

const TRAINING_IMAGES_PER_CLASS = 50;
const REACT_PERCENTILE = 0.9;

/** The image sets that the committed outputs are of. */
export interface OutputSets {
  /** All training images. */
  readonly training: ImageSet;
  readonly test: ImageSet;
  readonly cifar10: ImageSet;
  readonly svhn: ImageSet;
}

/**
 * Features and logits (float16) and labels of each set, of 50 images a class for the training set; the classifier; and
 * of all training images, in float64, class means, covariances, ViM's α and ReAct's threshold.
 */
export function storedOutputs(
  network: ResNet18,
  { training, ...others }: OutputSets,
): [string, StoredTensor][] {
  const sets = { train: imagesPerClass(training, TRAINING_IMAGES_PER_CLASS), ...others };
  const perImage = Object.entries(sets).flatMap(([name, images]): [string, StoredTensor][] => {
    const { features, logits, labels } = outputsOf(network, images);
    return [
      [`${name}_features`, half(features)],
      [`${name}_logits`, half(logits)],
      [`${name}_labels`, { shape: [labels.length], values: labels }],
    ];
  });
  const classifier = classifierOf(network);
  const all = outputsOf(network, training);
  const statistics = featureStatistics(all.features, all.labels, { classes: network.classes });
  const alpha = virtualLogitScale(all, residualSpace(statistics, { classifier }));
  const threshold = quantile(all.features.data, REACT_PERCENTILE)!;
  return [
    ...perImage,
    ["classifier_weight", double(classifier.weights)],
    ["classifier_bias", double(classifier.bias)],
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
