import { assert, assertAlmostEquals } from "@std/assert";
import * as detectors from "../../lib/detectors/mod.ts";
import { matrix } from "../../lib/linear_algebra/mod.ts";
import { featureStatistics } from "../../lib/metrics/feature_statistics.ts";
import { neuralCollapse } from "../../lib/metrics/neural_collapse.ts";
import reference from "../reference/cancellation.json" with { type: "json" };

const { k, neco: dimension, residual } = reference.options;
const all: Record<string, detectors.Detector> = {
  mahalanobis: detectors.mahalanobis(),
  relativeMahalanobis: detectors.relativeMahalanobis(),
  klMatching: detectors.klMatching(),
  nearestNeighbours: detectors.nearestNeighbours({ k }),
  residual: detectors.residual({ dimension: residual }),
  vim: detectors.vim({ dimension: residual }),
  neco: detectors.neco({ dimension }),
  classMeanCosine: detectors.classMeanCosine(),
};

function assertClose(ours: unknown, theirs: unknown, path: string) {
  if (typeof theirs === "number") {
    assertAlmostEquals(ours as number, theirs, 1e-6 * Math.abs(theirs), path);
  } else {
    for (const [key, value] of Object.entries(theirs as object)) {
      assertClose((ours as Record<string, unknown>)[key], value, `${path} ${key}`);
    }
  }
}

for (const { name, train, test, lastLayer, scores, collapse } of reference.cases) {
  const outputs = (set: { features: number[][]; logits: number[][] }) => ({
    features: matrix(set.features),
    logits: matrix(set.logits),
  });
  const training = {
    ...outputs(train),
    labels: train.labels,
    lastLayer: { weights: matrix(lastLayer.weights), bias: Float64Array.from(lastLayer.bias) },
  };

  for (const [key, expected] of Object.entries(scores)) {
    Deno.test(`${key}() agrees with 60 digits to 1e-6: ${name}`, () => {
      const ours = all[key].fit(training).score(outputs(test));
      assertClose([...ours], expected, key);
    });
  }

  Deno.test(`neural collapse agrees with 60 digits to 1e-6: ${name}`, () => {
    const { withinClassCovariance, ...measures } = collapse;
    const outOfDistribution = { ood: outputs(test).features };
    assertClose(neuralCollapse({ ...training, outOfDistribution }), measures, "");
    const ours = featureStatistics(training.features, training.labels).withinClassCovariance.data;
    const D = training.features.columns,
      diagonal = (k: number) => withinClassCovariance[k * (D + 1)];
    withinClassCovariance.forEach((expected, at) => {
      const size = Math.sqrt(diagonal(Math.floor(at / D)) * diagonal(at % D));
      assert(Math.abs(ours[at] - expected) <= 1e-6 * size, `covariance ${at}`);
    });
  });
}
