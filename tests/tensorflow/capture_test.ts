import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { binding } from "../../lib/tensorflow/device.ts";
import { batchNormalization, capture, CaptureError, relu, tf } from "../../lib/tensorflow/mod.ts";

const ignore = binding === undefined;

/** A perceptron with batch normalisation, its momentum optimiser, and a step on a batch. */
function perceptron() {
  const draw = (shape: number[], seed: number) =>
    tf.variable(tf.randomNormal(shape, 0, 0.5, "float32", seed));
  const [W, scale, offset, v] = [draw([2, 8], 1), draw([8], 2), draw([8], 3), draw([8, 1], 4)];
  const parameters = [W, scale, offset, v];
  const velocity = parameters.map((p) => tf.variable(tf.zerosLike(p)));
  const runningMean = tf.variable(tf.zeros([8]));
  const step = (x: tf.Tensor, y: tf.Tensor, rate: tf.Tensor): tf.Tensor[] => {
    const { value, grads } = tf.variableGrads(() => {
      const { y: h, mean } = batchNormalization(
        x.matMul(W).reshape([x.shape[0], 1, 1, 8]) as tf.Tensor4D,
        { scale: scale as tf.Tensor1D, offset: offset as tf.Tensor1D },
      );
      runningMean.assign(runningMean.mul(0.9).add(mean.mul(0.1)));
      const logits = relu(h).reshape([x.shape[0], 8]).matMul(v as tf.Tensor2D);
      return tf.losses.sigmoidCrossEntropy(y, logits) as tf.Scalar;
    }, parameters);
    parameters.forEach((p, k) => {
      velocity[k].assign(velocity[k].mul(0.9).add(grads[p.name]));
      p.assign(p.sub(velocity[k].mul(rate)));
    });
    return [value, tf.addN([value, value]), tf.concat([v, v]), tf.stack([value, value])];
  };
  const variables = [...parameters, ...velocity, runningMean];
  return { step, state: () => variables.map((t) => [...t.dataSync()]), variables };
}

const batches = Array.from({ length: 5 }, (_, i) => ({
  x: tf.randomNormal([6, 2], 0, 1, "float32", 10 + i),
  y: tf.tensor2d([0, 1, 0, 1, 1, 0], [6, 1]),
  rate: tf.scalar(0.1 / (i + 1)),
}));

for (const runFirst of [true, false]) {
  Deno.test(
    `capture() gives the losses and the variables of the step itself, ${
      runFirst ? "run" : "traced"
    } at first`,
    () => {
      const plain = perceptron(),
        other = perceptron(),
        captured = capture(other.step, { runFirst });
      for (const { x, y, rate } of batches) {
        const expected = tf.tidy(() => plain.step(x, y, rate)), actual = captured(x, y, rate);
        expected.forEach((tensor, k) => {
          assertEquals(actual[k].shape, tensor.shape);
          tensor.dataSync().forEach((value, i) =>
            assertAlmostEquals(actual[k].dataSync()[i], value, 1e-5)
          );
        });
        tf.dispose([expected, actual]);
      }
      const [a, b] = [plain.state(), other.state()];
      a.forEach((values, k) =>
        values.forEach((value, i) => assertAlmostEquals(b[k][i], value, 1e-5))
      );
      tf.dispose([...plain.variables, ...other.variables]);
    },
  );
}

Deno.test("capture() holds no tensor from step to step, and takes batches of another size", () => {
  const { step, variables } = perceptron(), captured = capture(step);
  const last = batches[0].x.slice([0, 0], [4, 2]), y = batches[0].y.slice([0, 0], [4, 1]);
  const run = () => {
    for (const { x, y, rate } of batches) tf.dispose(captured(x, y, rate));
    tf.dispose(captured(last, y, batches[0].rate));
  };
  run();
  run();
  const tensors = tf.memory().numTensors, handles = binding?.getNumOfTensors();
  run();
  assertEquals(tf.memory().numTensors, tensors);
  assertEquals(binding?.getNumOfTensors(), handles);
  tf.dispose([...variables, last, y]);
});

Deno.test("capture() refuses a step that reads values, and leaves the variables as they were", {
  ignore,
}, () => {
  const count = tf.variable(tf.scalar(0));
  const step = capture((x: tf.Tensor) => {
    count.assign(count.add(1));
    return [x.mul(x.dataSync()[0])];
  });
  const x = tf.scalar(3);
  assertEquals(step(x)[0].arraySync(), 9);
  assertThrows(() => step(x), CaptureError, "return the tensor and read it outside");
  assertEquals(count.arraySync(), 1);
  assertEquals(tf.add(x, 1).arraySync(), 4);
  tf.dispose([count, x]);
});
