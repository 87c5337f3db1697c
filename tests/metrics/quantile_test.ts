// @ts-types="npm:@types/d3-array@3.2.2"
import { quantile as reference } from "d3-array";
import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { quantile } from "../../lib/metrics/quantile.ts";
import { normals, seeded } from "../../lib/random.ts";

const random = seeded(1), N = 150_001; // more than are sorted at once
const sets = {
  normal: normals(random, N),
  "not negative": normals(random, N).map((x) => Math.max(0, x)),
  "whole numbers": normals(random, N).map((x) => Math.round(2 * x)),
  "one number": new Float64Array(N).fill(-2.5),
  "a few": normals(random, 7),
  "of all sizes": normals(random, 1000).map((x) => x * 10 ** (300 * Math.sin(1e3 * x))),
};

for (const [name, values] of Object.entries(sets)) {
  Deno.test(`quantile() is that of the sorted values: ${name}`, () => {
    for (const array of [values, Float32Array.from(values, (x) => Math.abs(x) < 1e30 ? x : 0)]) {
      const sorted = array.slice().sort();
      for (const p of [0, 1e-3, 0.5, 0.9, 0.99, 1]) {
        const expected = reference(sorted as Float64Array, p)!;
        assertAlmostEquals(quantile(array, p), expected, 1e-12 * Math.abs(expected), `${p}`);
      }
    }
  });
}

Deno.test("quantile() reads a part of an array, and refuses what has none", () => {
  assertEquals(quantile(Float64Array.of(9, 1, 2, 3, 9).subarray(1, 4), 0.5), 2);
  assertThrows(() => quantile(new Float64Array(0), 0.5), RangeError, "at least one");
  assertThrows(() => quantile(Float64Array.of(1), 1.5), RangeError, "[0, 1], got 1.5");
});
