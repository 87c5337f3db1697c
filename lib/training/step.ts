/**
 * One step of training: loss, gradients, and the optimiser's move.
 *
 * @module
 */
import { CHANNELS } from "../data/images.ts";
import type { ResNet18 } from "../resnet/resnet.ts";
import { capture, storedAs, tf } from "../tensorflow/mod.ts";
import { averaged, type Workers } from "./exchange.ts";
import { adam, muon, nesterov, type Optimizer } from "./optimizers.ts";
import type { TrainingSettings } from "./settings.ts";

/** Takes a step on a batch of standardised images (B × side × side × 3) and their labels at a learning rate. */
export type TrainingStep = (
  images: Float32Array,
  labels: Int32Array,
  learningRate: number,
) => {
  /** Mean cross-entropy of the batch before the step, with the smoothed targets. */
  loss: number;
  /** How many images were classified correctly before the step. */
  correct: number;
};

/** The optimiser that `settings` ask for. */
export function optimizerOf(
  { parameters }: ResNet18,
  { optimizer, momentum, weightDecay, learningRate, filterRate, precision }: TrainingSettings,
): Optimizer {
  switch (optimizer) {
    case "nesterov":
      return nesterov(parameters, { momentum, weightDecay });
    case "muon": {
      const ratio = filterRate / learningRate;
      return muon(parameters, { momentum, weightDecay, filterRate: ratio, storage: precision });
    }
    case "adam":
      return adam(parameters, { weightDecay });
  }
}

/** The step that trains `network` by `optimizer`; `workers` take it together, each on its share of the batch. */
export function trainingStep(
  network: ResNet18,
  optimizer: Optimizer,
  { labelSmoothing, precision }: Pick<TrainingSettings, "labelSmoothing" | "precision">,
  workers?: Workers,
): TrainingStep {
  const names = new Map([...network.parameters].map(([name, array]) => [array.name, name]));
  const variables = [...network.parameters.values()];

  const step = capture((images: tf.Tensor4D, labels: tf.Tensor1D, learningRate: tf.Scalar) => {
    const targets = tf.oneHot(labels, network.classes).toFloat();
    let correct: tf.Tensor | undefined;
    const { value: loss, grads } = tf.variableGrads(() => {
      const across = workers?.synchronised ? workers.collective : undefined;
      const logits = network.logits(storedAs(images, precision), { training: true, across });
      correct = tf.keep(logits.argMax(1).equal(labels).sum<tf.Scalar>());
      return tf.losses.softmaxCrossEntropy(
        targets,
        logits,
        undefined,
        labelSmoothing,
      );
    }, variables);
    const gradients = new Map(
      Object.entries(grads).map(([name, gradient]) => [names.get(name)!, gradient]),
    );
    optimizer.update(workers ? averaged(gradients, workers) : gradients, learningRate);
    if (!workers) return [loss, correct!];
    const { mean, sum } = workers.collective;
    return [mean(loss), sum(correct!.toFloat())];
  }, { runFirst: false });

  return (images, labels, learningRate) => {
    const side = Math.sqrt(images.length / (labels.length * CHANNELS));
    const inputs = [
      tf.tensor4d(images, [labels.length, side, side, CHANNELS]),
      tf.tensor1d(labels, "int32"),
      tf.scalar(learningRate),
    ] as const;
    const [loss, correct] = step(...inputs);
    const result = { loss: loss.dataSync()[0], correct: correct.dataSync()[0] };
    tf.dispose([...inputs, loss, correct]);
    return result;
  };
}
