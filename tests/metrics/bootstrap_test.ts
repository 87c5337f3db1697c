import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { bootstrap, difference, interval, resample } from "../../lib/metrics/bootstrap.ts";
import { normals, seeded } from "../../lib/random.ts";

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);

Deno.test("resample() draws as many images as there are, in blocks of neighbours", () => {
  for (const block of [1, 10]) {
    const weights = resample({ count: 1083, block }, seeded(1));
    assertEquals(sum(weights), 1083);
  }
  const weights = resample({ count: 1000, block: 100 }, seeded(1));
  let changes = 0;
  for (let i = 0; i < 1000; i++) if (weights[i] !== weights[(i + 1) % 1000]) changes++;
  assert(changes <= 20, "ten blocks have at most twenty ends");
});

Deno.test("interval() of a mean has the width of the normal one", () => {
  const values = normals(seeded(1), 2000);
  const { mean } = bootstrap({ values: { count: 2000 } }, ({ values: weights }) => ({
    mean: weights.reduce((total, weight, i) => total + weight * values[i], 0) / 2000,
  }), { random: seeded(2), replicates: 4000 });
  const { estimate, low, high } = interval(mean);
  assertAlmostEquals(estimate, sum(values) / 2000, 1e-12);
  const deviation = Math.sqrt(sum(values.map((v) => (v - estimate) ** 2)) / 2000 / 2000);
  assertAlmostEquals((high - low) / (2 * 1.96 * deviation), 1, 0.05);
});

Deno.test("interval() by blocks is as wide as the number of independent blocks asks", () => {
  // Blocks of ten equal values: 100 independent ones.
  const blocks = normals(seeded(1), 100);
  const values = Float64Array.from({ length: 1000 }, (_, i) => blocks[Math.floor(i / 10)]);
  const width = (block: number) => {
    const { mean } = bootstrap({ values: { count: 1000, block } }, ({ values: weights }) => ({
      mean: weights.reduce((total, weight, i) => total + weight * values[i], 0) / 1000,
    }), { random: seeded(2), replicates: 4000 });
    const { low, high } = interval(mean);
    return high - low;
  };
  // Circular blocks of ten cut the true blocks in two: the variance of a block's sum is 2/3 + 1/(3 · 10²) of the whole one.
  assertAlmostEquals(width(10) / width(1), Math.sqrt(10 * (2 / 3 + 1 / 300)), 0.15);
});

Deno.test("difference() is over the same resamples", () => {
  const values = normals(seeded(1), 50);
  const { a, b } = bootstrap({ values: { count: 50 } }, ({ values: weights }) => {
    const a = weights.reduce((total, weight, i) => total + weight * values[i], 0);
    return { a, b: a + 1 };
  }, { random: seeded(2), replicates: 100 });
  const { low, high } = interval(difference(b, a));
  assertAlmostEquals(low, 1, 1e-12);
  assertAlmostEquals(high, 1, 1e-12);
});

Deno.test("resample() refuses an empty sample and a block longer than it", () => {
  assertThrows(() => resample({ count: 0 }, seeded(1)), RangeError);
  assertThrows(() => resample({ count: 5, block: 6 }, seeded(1)), RangeError, "1 to 5");
});
