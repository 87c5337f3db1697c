import { assertEquals, assertStringIncludes } from "@std/assert";
import { explainBrokenElf } from "../../lib/native/elf.ts";
import { binding } from "../../lib/tensorflow/device.ts";
import { run } from "./process.ts";

const ignore = Deno.build.os !== "linux";

/** The header of a 64-bit shared library of `size` bytes for a processor. */
function header(machine: number, size: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(64));
  [0x7f, 0x45, 0x4c, 0x46, 2, 1].forEach((byte, i) => view.setUint8(i, byte));
  view.setUint16(18, machine, true);
  view.setBigUint64(40, BigInt(size - 64), true); // where the table of sections is
  view.setUint16(58, 64, true); // the size of its entries
  view.setUint16(60, 1, true); // their number
  return new Uint8Array(view.buffer);
}

const here = Deno.build.arch === "x86_64" ? 62 : 183, elsewhere = 245 - here;

async function withFile(bytes: Uint8Array, run: (path: string) => unknown): Promise<void> {
  const path = await Deno.makeTempFile({ suffix: ".so.2" });
  try {
    await Deno.writeFile(path, bytes);
    await run(path);
  } finally {
    await Deno.remove(path);
  }
}

for (
  const [what, bytes, reason] of [
    ["a truncated library", header(here, 4096), "is truncated: 64 of 4096 bytes"],
    ["one for another processor", header(elsewhere, 64), "this machine is " + Deno.build.arch],
    ["a text", new TextEncoder().encode("Not Found"), "is not a shared library"],
    ["an empty file", new Uint8Array(), "is not a shared library"],
  ] as const
) {
  Deno.test(
    `explainBrokenElf() says what is wrong with ${what}`,
    { ignore },
    () => withFile(bytes, (path) => assertStringIncludes(explainBrokenElf(path)!, reason)),
  );
}

Deno.test(
  "explainBrokenElf() has nothing to say about a whole library",
  { ignore },
  () => withFile(header(here, 64), (path) => assertEquals(explainBrokenElf(path), undefined)),
);

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
