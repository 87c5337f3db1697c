import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { coverage, meanLogDensity, standardizedResiduals } from "../../lib/metrics/regression.ts";
import { normals, seeded } from "../../lib/random.ts";

Deno.test("coverage() counts targets within the interval, its ends included", () => {
  const predictions = { mean: [0, 0, 0, 0], variance: [1, 1, 4, 4] };
  assertEquals(coverage(predictions, [1, -1.1, 2, 2.1], { deviations: 1 }), 0.5);
});

Deno.test("coverage() is 95% for targets drawn from the predictions themselves", () => {
  const N = 20_000, y = normals(seeded(1), N, { mean: 3, deviation: 2 });
  const predictions = { mean: y.map(() => 3), variance: y.map(() => 4) };
  assertAlmostEquals(coverage(predictions, y), 0.95, 5 * Math.sqrt(0.95 * 0.05 / N));
});

Deno.test("meanLogDensity() is the log of the Gaussian density", () => {
  const density = Math.exp(-0.5 * (1.5 / 2) ** 2) / (2 * Math.sqrt(2 * Math.PI));
  assertAlmostEquals(
    meanLogDensity({ mean: [0.5], variance: [4] }, [2]),
    Math.log(density),
    1e-15,
  );
});

Deno.test("the metrics of regression refuse bad input in words", () => {
  const one = { mean: [0], variance: [1] };
  assertThrows(() => standardizedResiduals(one, []), RangeError, "1 means, 1 variances, 0 targets");
  assertThrows(() => coverage(one, [1, 2]), RangeError, "2 targets");
  assertThrows(() => meanLogDensity(one, [NaN]), RangeError, "entry 0 is NaN");
  assertThrows(() => coverage({ mean: [0], variance: [0] }, [1]), RangeError, "positive");
  assertThrows(() => coverage({ mean: [0], variance: [-1] }, [1]), RangeError, "positive");
});
