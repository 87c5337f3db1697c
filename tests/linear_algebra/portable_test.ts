import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  add,
  cholesky,
  diagonal,
  identity,
  type Matrix,
  matrix,
  multiply,
  scaled,
  svd,
  symmetricEigen,
  transpose,
  zeros,
} from "../../lib/linear_algebra/mod.ts";
import { portable } from "../../lib/linear_algebra/portable.ts";
import { normals, seeded } from "../../lib/random.ts";

const random = (rows: number, columns: number, seed = 1): Matrix => ({
  rows,
  columns,
  data: normals(seeded(seed), rows * columns),
});
const assertClose = (A: Matrix, B: Matrix, tolerance: number) => {
  assertEquals([A.rows, A.columns], [B.rows, B.columns]);
  const difference = Math.max(0, ...add(A, B, -1).data.map(Math.abs));
  assert(difference <= tolerance, `${difference} apart`);
};
const assertOrthonormal = (U: Matrix) =>
  assertClose(multiply(U, U, { transposeA: true }), identity(U.columns), 1e-13);

Deno.test("symmetricEigen() finds the eigenvalues 2 − 2 cos(k π / (n + 1)) of second differences", () => {
  const n = 90, A = identity(n, 2);
  for (let i = 1; i < n; i++) A.data[i * n + i - 1] = A.data[(i - 1) * n + i] = -1;
  const { values, vectors } = portable.symmetricEigen(A);
  values.forEach((value, k) =>
    assertAlmostEquals(value, 2 - 2 * Math.cos((k + 1) * Math.PI / (n + 1)), 1e-14)
  );
  assertOrthonormal(vectors);
});

Deno.test("symmetricEigen() takes zeros, repeated eigenvalues and a single entry", () => {
  for (const A of [zeros(3, 3), identity(4, -2), diagonal([3, 1, 2]), matrix([[5]]), zeros(0, 0)]) {
    const { values, vectors } = portable.symmetricEigen(A);
    assertOrthonormal(vectors);
    assertClose(multiply(multiply(vectors, diagonal(values)), transpose(vectors)), A, 1e-15);
  }
});

Deno.test("svd() multiplies back with orthonormal U and V, whatever the shape, rank and size of entries", () => {
  const low = multiply(random(30, 4), random(4, 12, 2)); // rank 4
  const withZeros = { ...low, data: low.data.map((a, k) => k % 12 === 3 ? 0 : a) };
  for (
    const A of [
      random(40, 25),
      random(25, 40),
      random(7, 1),
      low,
      withZeros,
      zeros(5, 3),
      scaled(random(9, 5), 1e200),
      scaled(random(9, 5), 1e-200),
    ]
  ) {
    const { U, s, V } = portable.svd(A), rank = Math.min(A.rows, A.columns);
    assertEquals([U.columns, s.length, V.columns], [rank, rank, rank]);
    assertEquals(s, s.toSorted((a, b) => b - a));
    assertOrthonormal(U);
    assertOrthonormal(V);
    assertClose(multiply(multiply(U, diagonal(s)), transpose(V)), A, 1e-13 * (s[0] || 1));
  }
});

Deno.test("svd() keeps the digits of small singular values of columns of different size", () => {
  const A = multiply(random(20, 3), diagonal([1, 1e-6, 1e-12]));
  const { s } = portable.svd(A), [det] = [s[0] * s[1] * s[2]];
  const L = cholesky(multiply(random(20, 3), random(20, 3), { transposeA: true }));
  const expected = L.data[0] * L.data[4] * L.data[8] * 1e-18; // √det AᵀA
  assertAlmostEquals(det / expected, 1, 1e-12);
});

Deno.test("cholesky() of the Hilbert matrix has the determinant of the closed form", () => {
  const n = 8, H = zeros(n, n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) H.data[i * n + j] = 1 / (i + j + 1);
  const factorials = (to: number) =>
    Array.from({ length: to - 1 }, (_, k) => k + 1)
      .reduce((log, k) => log + (to - k) * Math.log(k), 0); // log ∏_{k<to} k!
  const L = portable.cholesky(H)!;
  const log = L.data.filter((_, k) => k % (n + 1) === 0).reduce((s, l) => s + 2 * Math.log(l), 0);
  assertAlmostEquals(log, 4 * factorials(n) - factorials(2 * n), 1e-6);
});

Deno.test("symmetricEigen() and svd() refuse entries that are not finite, at any size", () => {
  for (const n of [2, 80]) {
    const A = identity(n);
    A.data[1] = NaN;
    assertThrows(() => symmetricEigen(A), RangeError, "finite entries");
    assertThrows(() => svd(A), RangeError, "finite entries");
  }
});
