/**
 * This project's detectors beside other implementations of them, on the same images.
 *
 * @module
 */
import type { NetworkOutputs, OtherImplementations } from "../outputs/network_outputs.ts";
import { rowRange } from "../linear_algebra/mod.ts";
import { auroc } from "../metrics/auroc.ts";
import * as detectors from "./mod.ts";

/** AUROCs on near and far images. */
export interface Areas {
  readonly cifar10: number;
  readonly svhn: number;
}

/** One detector's AUROCs by each implementation that has it. */
export interface Comparison {
  readonly name: string;
  readonly ours: Areas;
  readonly numpy: Areas;
  readonly pytorchOod?: Areas;
}

/** The AUROCs of every detector as the others computed theirs: fitted on the training sample, on the first images. */
export function compareDetectors(
  { training, test, cifar10, svhn }: NetworkOutputs,
  others: OtherImplementations,
): Comparison[] {
  const { statistics: _ofAllImages, ...sample } = training;
  const [inside, near, far] = [test, cifar10, svhn].map(({ features, logits }) => ({
    features: rowRange(features, 0, others.count),
    logits: rowRange(logits, 0, others.count),
  }));
  const { k, necoDimension: dimension } = others.options;
  return Object.entries({
    maximumSoftmaxProbability: detectors.maximumSoftmaxProbability(),
    maximumLogit: detectors.maximumLogit(),
    energy: detectors.energy(),
    generalizedEntropy: detectors.generalizedEntropy(),
    klMatching: detectors.klMatching(),
    mahalanobis: detectors.mahalanobis(),
    relativeMahalanobis: detectors.relativeMahalanobis(),
    nearestNeighbours: detectors.nearestNeighbours({ k }),
    classMeanCosine: detectors.classMeanCosine(),
    neco: detectors.neco({ dimension }),
    residual: detectors.residual(),
    vim: detectors.vim(),
    react: detectors.react(),
  }).map(([key, detector]) => {
    const fitted = detector.fit(sample), scores = fitted.score(inside);
    return {
      name: fitted.name,
      ours: {
        cifar10: auroc(scores, fitted.score(near)),
        svhn: auroc(scores, fitted.score(far)),
      },
      numpy: others.numpy[key],
      pytorchOod: others["pytorch-ood"][key],
    };
  });
}
