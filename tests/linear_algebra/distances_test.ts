import { assertAlmostEquals, assertEquals } from "@std/assert";
import { kthNearest, nearest, pointsOf } from "../../lib/linear_algebra/distances.ts";
import { type Matrix, row } from "../../lib/linear_algebra/mod.ts";
import { normals, seeded } from "../../lib/random.ts";

const D = 7, random = seeded(1);
const around = (rows: number, mean: number, deviation: number): Matrix => ({
  rows,
  columns: D,
  data: normals(random, rows * D, { mean, deviation }),
});
const squaredDistances = (a: Float64Array, B: Matrix) =>
  Float64Array.from(
    { length: B.rows },
    (_, j) => row(B, j).reduce((sum, b, k) => sum + (a[k] - b) ** 2, 0),
  );

for (const [mean, deviation] of [[0, 1], [1e8, 1], [1, 1e-9]]) {
  const A = around(20, mean, deviation), B = around(30, mean, deviation);

  Deno.test(`nearest() and kthNearest() are those of the differences, about ${mean} ± ${deviation}`, () => {
    const { index, squaredDistances: least } = nearest(A, pointsOf(B));
    const third = kthNearest(A, pointsOf(B), { k: 3 }),
      last = kthNearest(A, pointsOf(B), { k: 30 });
    for (let i = 0; i < A.rows; i++) {
      const all = squaredDistances(row(A, i), B), sorted = all.slice().sort();
      assertAlmostEquals(least[i], sorted[0], 1e-12 * sorted[0]);
      assertEquals(all[index[i]], sorted[0]);
      assertAlmostEquals(third[i], sorted[2], 1e-12 * sorted[2]);
      assertAlmostEquals(last[i], sorted[29], 1e-12 * sorted[29]);
    }
  });
}

Deno.test("nearest() and kthNearest() of ties are exactly 0, and of no number NaN", () => {
  const B = around(3, 5, 1), twice = { ...B, rows: 6, data: Float64Array.of(...B.data, ...B.data) };
  assertEquals(kthNearest(B, pointsOf(twice), { k: 2 }), new Float64Array(3));
  const A = { ...B, data: B.data.map((b, k) => k === 4 ? NaN : b) };
  assertEquals([...nearest(A, pointsOf(B)).squaredDistances], [NaN, 0, 0]);
  assertEquals(kthNearest(A, pointsOf(B), { k: 1 })[0], NaN);
});
