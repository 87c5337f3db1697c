/**
 * This project's side of the benchmark: reads the name of a piece of work from each line of the standard input, and
 * prints the seconds that one run of it takes, as JSON.
 *
 * @module
 */
import process from "node:process";
import { createInterface } from "node:readline";
import { normals, seeded } from "../../lib/random.ts";
import { ResNet18 } from "../../lib/resnet/resnet.ts";
import { capture, hasBfloat16, type Storage, storedAs, tf } from "../../lib/tensorflow/mod.ts";
import { nesterov } from "../../lib/training/optimizers.ts";
import { PRESETS } from "../../lib/training/settings.ts";
import { optimizerOf, trainingStep } from "../../lib/training/step.ts";
import { detectorNames, imageCounts, scoring } from "./detectors.ts";

const random = seeded(1);
const draw = (size: number) => Float32Array.from(normals(random, size));
const images = (count: number, side: number) => draw(count * side * side * 3);

function train(precision: Storage, side: number): () => void {
  const batch = images(128, side), labels = Int32Array.from({ length: 128 }, (_, i) => i % 100);
  const network = new ResNet18(random),
    settings = { ...PRESETS.default, optimizer: "nesterov" as const, precision };
  const step = trainingStep(network, optimizerOf(network, settings), settings);
  return () => step(batch, labels, 0.01);
}

function infer(storage: Storage): () => void {
  const batch = images(500, 32), network = new ResNet18(random);
  const logits = capture((x: tf.Tensor) => [network.logits(storedAs(x as tf.Tensor4D, storage))]);
  return () => {
    const x = tf.tensor4d(batch, [500, 32, 32, 3]);
    const [result] = logits(x);
    result.dataSync();
    tf.dispose([x, result]);
  };
}

function perceptron(wrap: typeof capture): () => void {
  const parameters = new Map(
    [[2, 50], [50], [50, 1], [1]].map((shape, i) => {
      const values = draw(shape.reduce((a, b) => a * b));
      return [`${i}`, tf.variable(tf.tensor(values, shape))] as const;
    }),
  );
  const [W, b, v, c] = [...parameters.values()];
  const optimizer = nesterov(parameters, { momentum: 0.9 });
  const step = wrap((x: tf.Tensor, y: tf.Tensor, rate: tf.Tensor) => {
    const { value, grads } = tf.variableGrads(() => {
      const logits = tf.relu(x.matMul<tf.Tensor>(W).add(b)).matMul<tf.Tensor>(v).add(c);
      return tf.losses.sigmoidCrossEntropy(y, logits) as tf.Scalar;
    }, [...parameters.values()]);
    optimizer.update(
      new Map([...parameters].map(([name, array]) => [name, grads[array.name]])),
      rate,
    );
    return [value];
  });
  const x = tf.tensor2d(draw(128), [64, 2]), y = tf.ones([64, 1]), rate = tf.scalar(0.01);
  return () => tf.dispose(step(x, y, rate));
}

function product(storage: Storage): () => void {
  const [A, B] = [1, 2].map(() => storedAs(tf.tensor2d(draw(4096 ** 2), [4096, 4096]), storage));
  return () => tf.dispose(tf.matMul(A, B));
}

function bfloat16(): Storage {
  if (!hasBfloat16()) throw new Error("TensorFlow has no bfloat16 kernels for this processor");
  return "bfloat16";
}

const work: Record<string, () => () => void> = {
  ...Object.fromEntries(
    [32, 24].flatMap((side) => [
      [`train float32 ${side}`, () => train("float32", side)],
      [`train bfloat16 ${side}`, () => train(bfloat16(), side)],
    ]),
  ),
  "infer float32": () => infer("float32"),
  "infer bfloat16": () => infer(bfloat16()),
  perceptron: () => perceptron((step) => (...inputs) => tf.tidy(() => step(...inputs))),
  "perceptron captured": () => perceptron(capture),
  "product float32": () => product("float32"),
  "product bfloat16": () => product(bfloat16()),
  ...Object.fromEntries(
    imageCounts.flatMap((count) =>
      detectorNames.map((name) => [`detect ${name} ${count}`, () => scoring(name, count)])
    ),
  ),
};

/** A round lasts at least this long. */
const SECONDS = 0.5;

function time(run: () => void, runs: number): number {
  const start = performance.now();
  for (let i = 0; i < runs; i++) run();
  return (performance.now() - start) / 1000 / runs;
}

const ready = new Map<string, { run: () => void; runs: number }>();
for await (const name of createInterface({ input: process.stdin })) {
  try {
    if (!ready.has(name)) {
      const run = work[name]();
      time(run, 3); // the first runs compile and capture
      ready.set(name, { run, runs: Math.max(1, Math.ceil(SECONDS / time(run, 1))) });
    }
    const { run, runs } = ready.get(name)!;
    console.log(JSON.stringify({ seconds: time(run, runs) }));
  } catch (error) {
    console.log(JSON.stringify({ error: (error as Error).message }));
  }
}
