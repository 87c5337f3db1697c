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

Deno.test("capture() refuses what would draw the same random numbers for ever", { ignore }, () => {
  const x = tf.ones([4]), { random } = Math;
  for (
    const draw of [
      () => tf.dropout(x, 0.5),
      () => tf.randomNormal([4]),
      () => tf.randomUniform([4]),
    ]
  ) {
    const step = capture(() => [x.add(draw())]);
    step();
    assertThrows(() => step(), CaptureError, "pass them as a tensor");
    assertEquals(Math.random, random);
  }
  assertEquals(tf.dropout(x, 0).arraySync(), [1, 1, 1, 1]);
});

Deno.test("what a captured step makes once and keeps can be used after it was traced", () => {
  let kept: tf.Tensor | undefined;
  const step = capture((x: tf.Tensor) => {
    kept ??= tf.keep(tf.tensor1d([1, 2, 3, 4, 5, 6, 7, 8, 9]));
    return [kept.mul(x)];
  }, { runFirst: false });
  const nine = Array.from({ length: 9 }, (_, i) => i + 1);
  for (const by of [1, 2, 3]) {
    assertEquals(step(tf.scalar(by))[0].arraySync(), nine.map((k) => by * k));
  }
  const other = capture((x: tf.Tensor) => [kept!.add(x)], { runFirst: false });
  assertEquals(other(tf.scalar(1))[0].arraySync(), nine.map((k) => k + 1));
  assertEquals(kept!.arraySync(), nine);
});

Deno.test("a captured step sees an optimiser's changed learning rate", () => {
  for (const optimizer of [tf.train.sgd(1), tf.train.momentum(1, 0)]) {
    const w = tf.variable(tf.scalar(0));
    const step = capture(() => [optimizer.minimize(() => w.mul(1).asScalar(), true, [w])!]);
    const moves = [1, 1, 1, 0.25, 0.25].map((rate, i) => {
      if (i === 3) optimizer.setLearningRate(rate);
      const before = w.dataSync()[0];
      tf.dispose(step());
      return before - w.dataSync()[0];
    });
    assertEquals(moves, [1, 1, 1, 0.25, 0.25]);
  }
});

Deno.test("a captured step may return its input, and be a part of another", () => {
  const x = tf.tensor1d([1, 2]);
  const same = capture((x: tf.Tensor) => [x, x.add(1)], { runFirst: false });
  const outer = capture((x: tf.Tensor) => [same(x)[1].mul(2)], { runFirst: false });
  for (let call = 0; call < 2; call++) {
    assertEquals(same(x).map((y) => y.arraySync()), [[1, 2], [2, 3]]);
    assertEquals(outer(x)[0].arraySync(), [4, 6]);
  }
  assertEquals(x.arraySync(), [1, 2]);
});
