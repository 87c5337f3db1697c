import { assert, assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freeAddresses, lastWord, startWorker } from "../tensorflow/workers.ts";

const script = fileURLToPath(new URL("workers_run.ts", import.meta.url));

interface Result {
  losses: number[];
  weights: number[][];
  error?: string;
}

async function together(count: number, options: object | object[]): Promise<Result[]> {
  const addresses = count === 1 ? [] : freeAddresses(count);
  const workers = Array.from(
    { length: count },
    (_, i) =>
      startWorker(
        script,
        i,
        addresses,
        JSON.stringify([options].flat().at(i) ?? [options].flat()[0]),
      ),
  );
  return await Promise.all(workers.map(lastWord));
}

/** The largest difference of two lists of arrays, over the largest entry. */
function relativeDifference(a: number[][], b: number[][]): number {
  const x = a.flat(), y = b.flat(), size = x.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
  return x.reduce((m, v, i) => Math.max(m, Math.abs(v - y[i])), 0) / size;
}

Deno.test("a step of two workers, normalised together, is the step of one", async () => {
  const settings = { epochs: 1, batchSize: 16, learningRate: 0.5 }, images = 16;
  const [[alone], [first, second]] = await Promise.all([
    together(1, { settings, images }),
    together(2, { settings, images }),
  ]);
  assertEquals(first.weights, second.weights);
  assert(relativeDifference(alone.weights, first.weights) < 1e-5);
  assertAlmostEquals(alone.losses[0], first.losses[0], 1e-5);
});

Deno.test("two workers lose over 50 steps as one does, to the noise of float32", async () => {
  const settings = { epochs: 13, batchSize: 16, learningRate: 0.01 };
  const [[alone], [first, second]] = await Promise.all([
    together(1, { settings }),
    together(2, { settings }),
  ]);
  assertEquals(first.losses, second.losses);
  assertEquals(first.losses.length, 52);
  first.losses.forEach((loss, step) =>
    assertAlmostEquals(loss, alone.losses[step], 0.02, `step ${step}`)
  );
});

Deno.test("workers normalise each its own share, and exchange in bfloat16, where asked", async () => {
  const settings = { epochs: 2, batchSize: 16 };
  const [first, second] = await together(2, {
    settings,
    synchronised: false,
    exchange: "bfloat16",
  });
  assertEquals(first.losses, second.losses);
  assertEquals(first.weights, second.weights); // statistics too: they are averaged
});

// TensorFlow at times aborts its own process once an average has failed, so this is asked for.
const ignore = Deno.env.get("TEST_FAULTS") === undefined;
Deno.test({
  name: "workers resume from the checkpoint of the first, in another number too",
  ignore,
}, async () => {
  const folder = await Deno.makeTempDir(), checkpoint = join(folder, "checkpoint.safetensors");
  try {
    const settings = { epochs: 3, batchSize: 16, learningRate: 0.01 },
      options = { settings, checkpoint };
    const [whole] = await together(2, { settings });
    const [broken] = await together(2, [options, { ...options, stopAfter: 9 }]);
    assertMatch(broken.error!, /^Worker 0 stops, as worker 1 at .* does not answer/);
    const resume = checkpoint;
    const [alone] = await together(1, { settings, resume });
    const [again] = await together(2, { settings, resume });
    assertEquals(again.losses, whole.losses.slice(8));
    assertEquals(again.weights, whole.weights);
    assert(relativeDifference(again.weights, alone.weights) < 1e-2);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("workers with other settings or other images are named at the start", async () => {
  const settings = { epochs: 1, batchSize: 16 };
  for (
    const [other, what] of [
      [{ settings: { ...settings, learningRate: 0.1 } }, "settings"],
      [{ settings, images: 80 }, "images"],
    ] as const
  ) {
    const results = await together(2, [{ settings }, other]);
    for (const { error } of results) {
      assertMatch(
        error!,
        new RegExp(`^Worker 1 at 127\\.0\\.0\\.1:\\d+ has other ${what} than worker 0`),
      );
    }
  }
});
