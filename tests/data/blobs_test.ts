import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { blobs, blobsProbability } from "../../lib/data/blobs.ts";
import { matrix } from "../../lib/linear_algebra/mod.ts";
import { seeded } from "../../lib/random.ts";

Deno.test("blobs() has the course's centres and deviation, in equal numbers", () => {
  const { X, labels } = blobs(seeded(1), { points: 20_000 });
  for (const [label, centre] of [[0, -2], [1, 2]]) {
    const own = Array.from(labels.keys()).filter((n) => labels[n] === label);
    assertEquals(own.length, 10_000);
    for (let d = 0; d < 2; d++) {
      const mean = own.reduce((sum, n) => sum + X.data[2 * n + d], 0) / own.length;
      const square = own.reduce((sum, n) => sum + (X.data[2 * n + d] - mean) ** 2, 0) / own.length;
      assertAlmostEquals(mean, centre, 4 * 0.8 / 100);
      assertAlmostEquals(Math.sqrt(square), 0.8, 4 * 0.8 / Math.sqrt(20_000));
    }
  }
});

Deno.test("blobsProbability() is Bayes' rule, and ½ between the centres", () => {
  const [p, q] = [blobsProbability(matrix([[0, 0], [0.1, 0.3]])), 4 * (0.1 + 0.3) / 0.8 ** 2];
  assertAlmostEquals(p.data[1], 0.5);
  assertAlmostEquals(Math.log(p.data[3] / p.data[2]), q, 1e-12); // the log odds are linear
});

Deno.test("blobs() refuses unequal shares, bad deviations and single centres", () => {
  assertThrows(() => blobs(seeded(1), { points: 401 }), RangeError, "equally");
  assertThrows(
    () => blobs(seeded(1), { deviation: 0 }),
    RangeError,
    "deviation is a finite number above 0",
  );
  assertThrows(() => blobs(seeded(1), { centres: [[0]] }), TypeError, "at least two");
  assertThrows(() => blobsProbability(matrix([[1]])), RangeError, "N × 2");
});
