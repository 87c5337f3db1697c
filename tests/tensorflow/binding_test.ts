import { assert, assertEquals, assertThrows } from "@std/assert";
import { backend, binding } from "../../lib/tensorflow/device.ts";
import { tf } from "../../lib/tensorflow/mod.ts";
import { TensorFlowError } from "../../lib/tensorflow/c_api.ts";
import { run } from "./process.ts";
import { NotInThisEngineError } from "../../lib/tensorflow/tensors.ts";

const ignore = binding === undefined;

Deno.test("tensors of every element type of tfjs come back as they went in", () =>
  tf.tidy(() => {
    const same = (x: tf.Tensor, values: unknown[]) =>
      assertEquals([...tf.clone(tf.reshape(x, x.shape)).dataSync()], values);
    same(tf.tensor1d([1.5, -0, Infinity]), [1.5, -0, Infinity]);
    same(tf.tensor2d([[1, -2], [3, 2 ** 31 - 1]], [2, 2], "int32"), [1, -2, 3, 2 ** 31 - 1]);
    same(tf.tensor1d([true, false], "bool"), [1, 0]);
    const long = "naïve Bayes, ".repeat(20);
    same(tf.tensor1d(["", "Laplace", long], "string"), ["", "Laplace", long]);
    same(tf.tensor3d([], [0, 2, 1]), []);
    const z = tf.complex([1, 2], [3, -4]);
    assertEquals([...tf.real(z).dataSync(), ...tf.imag(z).dataSync()], [1, 2, 3, -4]);
    assertEquals([...tf.abs(z).square().dataSync()].map(Math.round), [10, 20]);
  }));

Deno.test("int64 and uint8 tensors of TensorFlow can be read", { ignore }, () => {
  const cast = (to: number) => {
    const x = binding!.createTensor([2], binding!.TF_INT32, Int32Array.of(7, 200));
    const [{ id }] = binding!.executeOp(
      "Cast",
      [
        { name: "SrcT", type: binding!.TF_ATTR_TYPE, value: binding!.TF_INT32 },
        { name: "DstT", type: binding!.TF_ATTR_TYPE, value: to },
      ],
      [x],
      1,
    );
    const values: unknown = binding!.tensorDataSync(id);
    [x, id].forEach((id) => binding!.deleteTensor(id));
    return values;
  };
  assertEquals(cast(binding!.TF_INT64), BigInt64Array.of(7n, 200n));
  assertEquals(cast(binding!.TF_UINT8), Int32Array.of(7, 200));
});

Deno.test("an error carries TensorFlow's own message and the operation's name", { ignore }, () => {
  const x = tf.tensor1d([1]);
  const run = (operation: string) => backend!.executeSingleOutput(operation, [], [x, x]);
  assertThrows(() => run("MatMul"), TensorFlowError, "MatMul: In[0] ndims must be >= 2");
  assertThrows(() => run("NoSuchOperation"), TensorFlowError, "NoSuchOperation");
  assertEquals(x.arraySync(), [1]);
  x.dispose();
});

Deno.test("what the engine leaves out throws a named error that says so", { ignore }, () => {
  assertThrows(() => binding!.loadSavedModel(), NotInThisEngineError, "SavedModels");
  assertThrows(() => binding!.tensorDataSync(-1), RangeError, "not alive");
});

Deno.test("training steps leave the tensors and the resident memory where they were", {
  ignore,
}, async () => {
  const { stdout, stderr } = await run(`
    const w = tf.variable(tf.ones([40, 40])), x = tf.ones([8, 40]);
    const optimizer = tf.train.momentum(1e-3, 0.9), bytes = new Uint8Array(6000);
    const measure = (steps) => {
      for (let step = 0; step < steps; step++) {
        optimizer.minimize(() => tf.relu(tf.matMul(x, w)).square().mean());
        binding.deleteTensor(binding.createTensor([1], binding.TF_STRING, [bytes]));
      }
      gc();
      const { rss, heapTotal, heapUsed } = Deno.memoryUsage();
      return {
        tensors: [tf.memory().numTensors, binding.getNumOfTensors()],
        outside: (rss - heapTotal) / 1e6,
        inside: heapUsed / 1e6,
      };
    };
    console.log(JSON.stringify([measure(5000), measure(7000), measure(7000)]));
  `);
  const [before, between, after] = JSON.parse(stdout || stderr);
  assertEquals(after.tensors, before.tensors);
  // Megabytes outside and inside of JavaScript's heap, in the quieter of two spells: the allocator now and then keeps more. A leak
  // of one 40 × 40 matrix a step would be 45 in each, of the strings 42.
  const growth = (part: "outside" | "inside") =>
    Math.min(between[part] - before[part], after[part] - between[part]);
  assert(growth("outside") < 20, `${growth("outside")} MB more outside`);
  assert(growth("inside") < 5, `${growth("inside")} MB more inside`);
});

Deno.test("an operation may have thousands of outputs", () =>
  tf.tidy(() => {
    for (const count of [1023, 1024, 1025, 5000]) {
      const parts = tf.unstack(tf.range(0, count));
      assertEquals(parts.length, count);
      assertEquals(parts[count - 1].arraySync(), count - 1);
    }
  }));

Deno.test("values that are not what the shape and the type promise are refused by name", {
  ignore,
}, () =>
  tf.tidy(() => {
    const detached = new Float32Array(4);
    const memory = new ArrayBuffer(16, { maxByteLength: 64 }), tracking = new Float32Array(memory);
    const late = [tf.tensor1d(detached), tf.variable(tf.tensor1d(tracking))];
    structuredClone(detached, { transfer: [detached.buffer] });
    memory.resize(8);
    for (const x of late) assertThrows(() => x.add(1), RangeError, "its values are");
    const refused = (shape: number[], dtype: number, values: unknown, sentence: string) =>
      assertThrows(
        () => binding!.createTensor(shape, dtype, values as Float32Array),
        Error,
        sentence,
      );
    const { TF_FLOAT, TF_INT32, TF_STRING } = binding!;
    refused([2, 2], TF_FLOAT, new Float32Array(3), "holds 16 bytes, and its values are 12");
    refused([2, 2], TF_FLOAT, new Int32Array(4), "given in a Float32Array, got a Int32Array");
    refused([2], TF_INT32, [1, 2], "given in a Int32Array, got an array");
    refused([2], TF_STRING, ["a", new Uint8Array(1)], "UTF-8 bytes");
    refused([2], 99, new Float32Array(2), "element type 99");
    refused([2 ** 40, 2 ** 40, 0], TF_FLOAT, new Float32Array(0), "at most 2^53");
    refused(new Array(255).fill(1), TF_FLOAT, new Float32Array(1), "255 sizes");
    for (const size of [-1, 1.5, NaN]) {
      refused([size], TF_FLOAT, new Float32Array(1), "whole numbers from 0");
    }
    const shared = new Float32Array(new SharedArrayBuffer(8)).fill(2);
    assertEquals(tf.tensor1d(shared).add(1).arraySync(), [3, 3]);
  }));
