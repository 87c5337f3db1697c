import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { describeDevice, hasBfloat16, measureFasterStorage, tf } from "../../lib/tensorflow/mod.ts";
import { run } from "./process.ts";

Deno.test("describeDevice() names the backend that computes", () => {
  const { backend, library, threads, formats } = describeDevice();
  assertEquals(backend, tf.getBackend());
  assertStringIncludes(library, "TensorFlow");
  assert(threads >= 1);
  assertEquals(formats.includes("bfloat16"), hasBfloat16());
});

Deno.test("measureFasterStorage() never chooses bfloat16 where there are no kernels for it", () => {
  assert(hasBfloat16() || measureFasterStorage() === "float32");
});

Deno.test("without TensorFlow's library arrays run on another backend, and a message says what would be faster", async () => {
  const { code, stdout, stderr } = await run(
    `const { backend, rejected } = describeDevice();
     console.log(backend !== "tensorflow", rejected[0].place, tf.matMul([[1, 2]], [[3], [4]]).dataSync()[0]);`,
    { TENSORFLOW_LIBRARY: "none" },
  );
  assertEquals({ code, stdout }, { code: 0, stdout: "true TENSORFLOW_LIBRARY 11\n" });
  assertStringIncludes(stderr, "TensorFlow's C library would be faster");
});

Deno.test("TensorFlow starts without a word", async () => {
  const { code, stderr } = await run(`tf.add(1, 2).dataSync();`);
  if (describeDevice().backend === "tensorflow") {
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
  }
});
