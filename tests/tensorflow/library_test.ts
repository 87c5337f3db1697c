import { assertEquals, assertStringIncludes } from "@std/assert";
import { binding } from "../../lib/tensorflow/device.ts";
import { header, here, withFile } from "../native/broken_library.ts";
import { run } from "./process.ts";

const ignore = Deno.build.os !== "linux";

Deno.test(
  "a broken TENSORFLOW_LIBRARY is reported, and arrays run on the next place",
  { ignore },
  () =>
    withFile(header(here, 4096), async (path) => {
      const { code, stdout } = await run(
        `const { rejected } = describeDevice();
       console.log(rejected[0].reason, tf.add(20, 22).dataSync()[0]);`,
        { TENSORFLOW_LIBRARY: path },
      );
      assertEquals(code, 0);
      assertStringIncludes(stdout, "is truncated");
      assertStringIncludes(stdout, " 42");
    }),
);

Deno.test(
  "a library that is not TensorFlow's is reported by the function it lacks",
  { ignore },
  async () => {
    const { code, stdout } = await run(
      `console.log(describeDevice().rejected[0].reason);`,
      { TENSORFLOW_LIBRARY: "/lib/" + Deno.build.arch + "-linux-gnu/libm.so.6" },
    );
    assertEquals(code, 0);
    assertStringIncludes(stdout, "it is not TensorFlow's library, or an old one");
  },
);

const computes = `const x = tf.randomNormal([64, 64]); x.matMul(x).dataSync();`;
const endings: [string, string, number][] = [
  ["at its end", "", 0],
  ["by Deno.exit()", "Deno.exit(3);", 3],
  ["by an uncaught error", `throw new Error("uncaught");`, 1],
  ["by an unhandled rejection", `Promise.reject(new Error("unhandled"));`, 1],
];
for (const [how, ending, expected] of endings) {
  Deno.test(`a program that ends ${how} ends with its own code`, async () => {
    const { code, signal, stderr } = await run(computes + ending);
    assertEquals({ code, signal }, { code: expected, signal: null }, stderr);
  });
}

Deno.test("a program that is killed in a step leaves no file behind", {
  ignore: ignore || binding === undefined,
}, async () => {
  const folder = await Deno.makeTempDir();
  const { signal } = await run(
    `setTimeout(() => {}); ${computes}
     Deno.kill(Deno.pid, "SIGKILL");`,
    { TMPDIR: folder, DENO_DIR: folder + "/cache" },
  );
  assertEquals(signal, "SIGKILL");
  const left = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((n) => n !== "cache");
  await Deno.remove(folder, { recursive: true });
  assertEquals(left, []);
});
