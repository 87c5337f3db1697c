/**
 * Measures the committed network on the whole CIFAR-100 test set, and recomputes what is committed of its outputs.
 *
 * @module
 */
import { readCifar } from "../lib/data/cifar.ts";
import { DataFileError } from "../lib/data/files.ts";
import { readNetworkOutputs } from "../lib/outputs/network_outputs.ts";
import { readSvhn } from "../lib/data/svhn.ts";
import { readTrainingLog } from "../lib/training/log.ts";
import { expectedCalibrationError } from "../lib/metrics/calibration.ts";
import { countOf, wilsonInterval } from "../lib/metrics/proportion.ts";
import { probabilitiesOf } from "../lib/models/inference/predictive.ts";
import { readTrainedNetwork } from "../lib/resnet/trained_classifier.ts";
import { excessOverHalfPrecision } from "../lib/training/half_precision.ts";
import { lossAndAccuracy } from "../lib/metrics/classification.ts";
import { withProgress } from "./shared/progress.ts";
import { Problem, task } from "./shared/task.ts";

const percent = (share: number) => `${(100 * share).toFixed(2)}%`;

async function evaluate(): Promise<void> {
  const network = await readTrainedNetwork();
  const { epochs } = await readTrainingLog();
  const committed = await readNetworkOutputs();
  const sets = {
    test: await readCifar("CIFAR-100 test"),
    cifar10: await readCifar("CIFAR-10 test"),
    svhn: await readSvhn(),
  };
  const outputsFor = withProgress(network), faults: string[] = [];
  for (const [set, images] of Object.entries(sets)) {
    const stored = committed[set as keyof typeof sets], count = images.labels.length;
    if (count !== stored.features.rows) {
      console.log(
        `outputs of ${images.name}: not compared, committed are those of ${stored.features.rows} others`,
      );
      continue;
    }
    const outputs = outputsFor(images);
    if (set === "test") {
      const { loss, accuracy } = lossAndAccuracy(outputs);
      const { low, high } = wilsonInterval(countOf(accuracy, count));
      const calibration = expectedCalibrationError(probabilitiesOf(outputs.logits), outputs.labels);
      const { wholeTest } = epochs.at(-1)!.measured!;
      console.log(
        `accuracy ${percent(accuracy)}, 95% interval ${percent(low)} to ${percent(high)}; ` +
          `${
            percent(wholeTest!.accuracy)
          } at the end of training, before rounding to half precision`,
      );
      console.log(`negative log likelihood ${loss.toFixed(4)} nats an image`);
      console.log(`expected calibration error ${percent(calibration)}, 15 bins`);
    }
    for (const part of ["features", "logits"] as const) {
      const excess = excessOverHalfPrecision(outputs[part], stored[part]);
      const agrees = excess <= 1e-3;
      console.log(
        `${part} of ${images.name}: ${agrees ? "as committed" : "NOT as committed"}, at most ` +
          `${excess.toExponential(1)} beyond half-precision rounding`,
      );
      if (!agrees) faults.push(`${part} of ${images.name}`);
    }
  }
  if (faults.length > 0) {
    throw new Problem(`${faults.join(", ")} are not those committed: weights or images are others`);
  }
}

await task(
  "evaluate",
  {
    details:
      `Fails where a recomputed feature or logit differs from the committed one by more than half-precision rounding. Needs the
image sets (deno task data).`,
    examples: { evaluate: "measures and compares" },
  },
  evaluate,
  DataFileError,
);
