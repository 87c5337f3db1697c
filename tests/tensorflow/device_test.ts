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

Deno.test("the engine works in workers, and the process exits in the midst of their calls", async () => {
  const worker = `
    import { tf } from "${new URL("../../lib/tensorflow/mod.ts", import.meta.url).href}";
    self.postMessage(tf.matMul([[1, 2]], [[3], [4]]).dataSync()[0]);
    while (true) tf.tidy(() => tf.matMul(tf.ones([500, 500]), tf.ones([500, 500])).dataSync());
  `;
  const url = `data:text/typescript,${encodeURIComponent(worker)}`;
  const { code, stdout } = await run(`
    const started = [1, 2].map(() => new Promise((resolve) => {
      const worker = new Worker(${JSON.stringify(url)}, { type: "module" });
      worker.onmessage = ({ data }) => resolve({ worker, data });
    }));
    const [first, second] = await Promise.all(started);
    await new Promise((resolve) => setTimeout(resolve, 200));
    first.worker.terminate();
    console.log(first.data, second.data, tf.matMul([[1, 2]], [[3], [4]]).dataSync()[0]);
    Deno.exit(3);
  `);
  assertEquals({ code, stdout }, { code: 3, stdout: "11 11 11\n" });
});

for (
  const [flags, lacking] of [[["--allow-read", "--allow-env"], "--allow-ffi"], [
    [],
    "--allow-env and --allow-ffi",
  ]] as const
) {
  Deno.test(`with the permissions [${flags}] a sentence says what is lacking`, async () => {
    const engine = new URL("../../lib/tensorflow/mod.ts", import.meta.url).href;
    const program = `import { tf } from "${engine}"; console.log(tf.add(1, 2).dataSync()[0]);`;
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--no-prompt", "--no-check", ...flags],
        ...["--config", new URL("../../deno.json", import.meta.url).pathname],
        `data:text/typescript,${encodeURIComponent(program)}`,
      ],
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    assertEquals({ code, stdout: text(stdout) }, { code: 0, stdout: "3\n" });
    assertStringIncludes(text(stderr), `would be faster: run with ${lacking}\n`);
  });
}
