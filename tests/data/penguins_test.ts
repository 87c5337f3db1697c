import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { parsePenguins, readPenguins, standardiser } from "../../lib/data/penguins.ts";
import { column, matrix } from "../../lib/linear_algebra/mod.ts";

Deno.test("readPenguins() keeps the complete rows and counts the others", async () => {
  const { X, labels, dropped } = await readPenguins();
  assertEquals(dropped, { empty: 10, dot: 1 });
  assertEquals([X.rows, X.columns, labels.length], [333, 4, 333]);
  assertEquals([0, 1, 2].map((k) => labels.filter((label) => label === k).length), [146, 68, 119]);
  assert(X.data.every((x) => x > 10 && x < 7000));
});

Deno.test("parsePenguins() refuses what is no penguin", () => {
  assertThrows(() => parsePenguins('{"a": 1}'), SyntaxError, "array");
  assertThrows(() => parsePenguins('[{"Species": "Emperor"}]'), SyntaxError, "Emperor");
});

Deno.test("standardiser() gives mean 0 and deviation 1, and moves other points alike", () => {
  const X = matrix([[1, 10], [3, 30], [5, 80]]), map = standardiser(X), Z = map(X);
  for (const d of [0, 1]) {
    const z = column(Z, d);
    assertAlmostEquals(z.reduce((a, b) => a + b), 0, 1e-14);
    assertAlmostEquals(z.reduce((sum, a) => sum + a * a, 0) / 3, 1, 1e-14);
  }
  assertAlmostEquals(map(matrix([[3, 40]])).data[0], 0, 1e-15);
  assertThrows(() => standardiser(matrix([[1], [1]])), RangeError, "constant");
});
