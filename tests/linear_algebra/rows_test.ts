import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { exponentials } from "../../lib/linear_algebra/exponential.ts";
import { largestFirst } from "../../lib/linear_algebra/reductions.ts";
import {
  centred,
  exponentialSums,
  largest,
  logSumExp,
  type Matrix,
  matrix,
  multiply,
  row,
  rowNorms,
  softmax,
  sum,
  zeros,
} from "../../lib/linear_algebra/mod.ts";
import { normals, seeded, uniforms } from "../../lib/random.ts";

const random = (rows: number, columns: number): Matrix => ({
  rows,
  columns,
  data: normals(seeded(1), rows * columns, { deviation: 5 }),
});
const exponentialsOf = (x: Float64Array) => {
  const result = new Float64Array(x.length);
  exponentials(x, { from: 0, to: x.length, shift: 0 }, result, 0);
  return result;
};

Deno.test("exponentials() are Math.exp's to 2 units in the last place", () => {
  for (const least of [-1, -700]) {
    const x = uniforms(seeded(2), 100_000, least, 0);
    exponentialsOf(x).forEach((y, k) => {
      const expected = Math.exp(x[k]);
      assert(
        Math.abs(y - expected) <= 2 * Number.EPSILON * expected,
        `${x[k]}: ${y}, not ${expected}`,
      );
    });
  }
});

Deno.test("exponentials() end as Math.exp does: at 1, among the smallest numbers, at 0 and NaN", () => {
  const x = Float64Array.of(0, -0, -744.4, -745.13, -745.14, -746, -1e300, -Infinity);
  exponentialsOf(x).forEach((y, k) =>
    assertAlmostEquals(y, Math.exp(x[k]), Number.MIN_VALUE, `${x[k]}`)
  );
  assertEquals(exponentialsOf(Float64Array.of(NaN)), Float64Array.of(NaN));
});

Deno.test("softmax(), logSumExp() and exponentialSums() agree, also where exponentials would overflow", () => {
  for (const scale of [1, 1e3]) {
    const A = random(20, 30);
    A.data.forEach((a, k) => A.data[k] = scale * a);
    const p = softmax(A), logs = logSumExp(A), { m, s } = exponentialSums(A);
    assertEquals(m, largest(A));
    for (let i = 0; i < A.rows; i++) {
      const a = row(A, i), most = Math.max(...a);
      const total = a.reduce((sum, z) => sum + Math.exp(z - most), 0);
      assertAlmostEquals(logs[i], most + Math.log(total), 1e-13 * Math.max(1, Math.abs(most)));
      assertAlmostEquals(s[i], total, 1e-14 * total);
      row(p, i).forEach((q, k) => assertAlmostEquals(q, Math.exp(a[k] - most) / total, 1e-14));
    }
  }
});

Deno.test("logSumExp() of a temperature is T log Σ exp(a / T)", () => {
  const [value] = logSumExp(matrix([[1, 2, 4]]), { temperature: 2 });
  assertAlmostEquals(value, 2 * Math.log(Math.exp(0.5) + Math.E + Math.exp(2)), 1e-14);
});

Deno.test("sum(), rowNorms(), centred() and largest() take every entry, whatever the number of columns", () => {
  for (let columns = 1; columns <= 9; columns++) {
    const A = random(3, columns);
    const u = uniforms(seeded(3), columns);
    const norms = rowNorms(A), most = largest(A);
    const differences = centred(A, u);
    for (let i = 0; i < 3; i++) {
      const a = row(A, i);
      assertAlmostEquals(norms[i], Math.hypot(...a), 1e-13);
      assertEquals(row(differences, i), a.map((x, j) => x - u[j]));
      assertAlmostEquals(sum(A.data, i * columns, (i + 1) * columns), a.reduce((s, x) => s + x, 0));
      assertEquals(most[i], Math.max(...a));
    }
  }
});

Deno.test("rowNorms() neither overflow nor vanish where their squares do", () => {
  for (const scale of [1e-300, 1e-170, 1e170, 1e300]) {
    const [norm] = rowNorms(matrix([[3 * scale, 0, -4 * scale]]));
    assertAlmostEquals(norm / scale, 5, 1e-14);
  }
  assertEquals(rowNorms(matrix([[0, 0]])), Float64Array.of(0));
  assertEquals(rowNorms({ rows: 1, columns: 2, data: Float64Array.of(NaN, 1) })[0], NaN);
});

Deno.test("largestFirst() parts the largest from the others, ties and all", () => {
  for (let seed = 1; seed <= 50; seed++) {
    const a = uniforms(seeded(seed), 40, 0, 20).map(seed % 2 ? Math.floor : (x) => x);
    const from = seed % 5,
      to = 40 - seed % 7,
      count = 1 + seed % (to - from),
      sorted = a.slice(from, to).sort().reverse();
    const before = a.slice();
    largestFirst(a, { from, to, count });
    assertEquals(a.slice(from, from + count).sort().reverse(), sorted.slice(0, count));
    assertEquals(a.slice(from, to).sort().reverse(), sorted);
    assertEquals([...a.slice(0, from), ...a.slice(to)], [
      ...before.slice(0, from),
      ...before.slice(to),
    ]);
  }
});

Deno.test("largest() of a row without entries is −∞, and there may be no rows", () => {
  assertEquals(largest(zeros(2, 0)), Float64Array.of(-Infinity, -Infinity));
  assertEquals(largest(zeros(0, 50)), new Float64Array(0));
});

Deno.test("multiply() puts the product into a matrix of its shape, and refuses another", () => {
  const A = random(70, 80), B = random(80, 90), into = zeros(70, 90);
  into.data.fill(NaN);
  assertEquals(multiply(A, B, { into }), into);
  assertEquals(into, multiply(A, B));
  assertThrows(() => multiply(A, B, { into: zeros(90, 70) }), RangeError, "product is 70 × 90");
  assertEquals(multiply(zeros(2, 0), zeros(0, 2), { into: matrix([[1, 2], [3, 4]]) }), zeros(2, 2));
});
