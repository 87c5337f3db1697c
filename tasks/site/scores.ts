/**
 * The scores that the page on thresholds shows: every detector, on the committed outputs of the network.
 *
 * @module
 */
import { join } from "node:path";
import { writeSafetensors } from "../../lib/data/safetensors.ts";
import * as detectors from "../../lib/detectors/mod.ts";
import { row } from "../../lib/linear_algebra/mod.ts";
import { argmax } from "../../lib/metrics/classification.ts";
import { TemperatureScaling } from "../../lib/models/inference/temperature_scaling.ts";
import { readNetworkOutputs, splitTest } from "../../lib/outputs/network_outputs.ts";

/** Writes scores.safetensors: for each detector and set the scores, and which test images are classified rightly. */
export async function writeScores(folder: string): Promise<void> {
  const { training, settings, test, cifar10, svhn } = await readNetworkOutputs();
  const { reported, validation } = splitTest(test), { logits, labels } = reported;
  const sets = { validation, test: reported, cifar10, svhn };
  const all = [
    detectors.maximumSoftmaxProbability(),
    detectors.maximumLogit(),
    detectors.energy(),
    detectors.generalizedEntropy(),
    detectors.klMatching(),
    detectors.mahalanobis(),
    detectors.relativeMahalanobis(),
    detectors.nearestNeighbours(),
    detectors.classMeanCosine(),
    detectors.neco(),
    detectors.residual(),
    detectors.vim(),
    detectors.react({ threshold: settings.reactThreshold }),
  ];
  const scores = all.flatMap((detector) => {
    const fitted = detector.fit(training);
    return Object.entries(sets).map(([set, outputs]) => {
      const values = Float32Array.from(fitted.score(outputs));
      return [`${fitted.name}/${set}`, { shape: [values.length], values }] as const;
    });
  });
  const correct = Uint8Array.from(labels, (label, i) => Number(argmax(row(logits, i)) === label));
  const { temperature } = TemperatureScaling.fit(validation);
  await writeSafetensors(join(folder, "scores.safetensors"), [
    ["correct", { shape: [correct.length], values: correct }],
    ...scores.map(([name, tensor]) => [name, tensor] as [string, typeof tensor]),
  ], { metadata: { temperature: String(temperature) } });
}
