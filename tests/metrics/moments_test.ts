import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  mean,
  meanInterval,
  standardDeviation,
  studentQuantile,
} from "../../lib/metrics/moments.ts";

Deno.test("studentQuantile() agrees with its closed forms for 1, 2 and 4 degrees, and with tables", () => {
  for (const p of [0.001, 0.3, 0.5, 0.8, 0.975, 0.9999]) {
    const alpha = 4 * p * (1 - p), sign = Math.sign(p - 0.5);
    assertAlmostEquals(
      studentQuantile(p, 1),
      Math.tan(Math.PI * (p - 0.5)),
      1e-8 * (1 + 1 / alpha),
    );
    assertAlmostEquals(studentQuantile(p, 2), 2 * (p - 0.5) * Math.sqrt(2 / alpha), 1e-9);
    const q = Math.cos(Math.acos(Math.sqrt(alpha)) / 3) / Math.sqrt(alpha);
    assertAlmostEquals(studentQuantile(p, 4), sign * 2 * Math.sqrt(q - 1), 1e-7);
  }
  // Fisher and Yates, Statistical Tables, table III.
  for (const [degrees, value] of [[3, 3.182], [5, 2.571], [19, 2.093], [30, 2.042], [120, 1.98]]) {
    assertAlmostEquals(studentQuantile(0.975, degrees), value, 5e-4);
  }
});

Deno.test("meanInterval() is Student's, wider for several comparisons", () => {
  const values = [0.3, 0.1, 0.4, 0.1, 0.5];
  const one = meanInterval(values), five = meanInterval(values, { comparisons: 5 });
  assertAlmostEquals(
    one.high - one.estimate,
    2.776445 * standardDeviation(values) / Math.sqrt(5),
    1e-6,
  );
  assertAlmostEquals(
    (five.high - five.estimate) / (one.high - one.estimate),
    4.604095 / 2.776445,
    1e-6,
  );
});

Deno.test("mean() and standardDeviation() refuse what has none", () => {
  assertEquals(mean([1, 2, 6]), 3);
  assertAlmostEquals(standardDeviation([1, 2, 6]), Math.sqrt(7), 1e-15);
  assertThrows(() => mean([]), RangeError, "no values");
  assertThrows(() => mean([1, NaN]), RangeError, "finite");
  assertThrows(() => standardDeviation([1]), RangeError, "at least two");
  for (const [p, n] of [[0, 3], [1, 3], [0.5, 0], [0.5, 1.5]]) {
    assertThrows(() => studentQuantile(p, n), RangeError, "Student");
  }
});
