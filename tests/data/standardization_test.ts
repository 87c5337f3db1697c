import { assertAlmostEquals, assertThrows } from "@std/assert";
import { fitStandardization } from "../../lib/data/standardization.ts";
import { column, matrix } from "../../lib/linear_algebra/mod.ts";

Deno.test("fitStandardization() gives mean 0 and deviation 1, and moves other points alike", () => {
  const X = matrix([[1, 10], [3, 30], [5, 80]]), map = fitStandardization(X), Z = map.apply(X);
  for (const d of [0, 1]) {
    const z = column(Z, d);
    assertAlmostEquals(z.reduce((a, b) => a + b), 0, 1e-14);
    assertAlmostEquals(z.reduce((sum, a) => sum + a * a, 0) / 3, 1, 1e-14);
  }
  assertAlmostEquals(map.apply(matrix([[3, 40]])).data[0], 0, 1e-15);
  assertThrows(() => fitStandardization(matrix([[1], [1]])), RangeError, "constant");
});
