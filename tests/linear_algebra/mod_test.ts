import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  add,
  cholesky,
  choleskyLogDeterminant,
  choleskyOfGram,
  choleskySolve,
  column,
  diagonal,
  dot,
  identity,
  largest,
  type Matrix,
  matrix,
  multiply,
  multiplyVector,
  NotPositiveDefiniteError,
  row,
  scaled,
  selectRows,
  softmax,
  solveTriangular,
  svd,
  symmetricEigen,
  total,
  transpose,
  vector,
  zeros,
} from "../../lib/linear_algebra/mod.ts";
import { normals, seeded } from "../../lib/random.ts";

const random = (rows: number, columns: number, seed = 1): Matrix => ({
  rows,
  columns,
  data: normals(seeded(seed), rows * columns),
});
const gram = (A: Matrix) => multiply(A, A, { transposeA: true });
const distance = (A: Matrix, B: Matrix) => Math.max(...add(A, B, -1).data.map(Math.abs));
const assertClose = (A: Matrix, B: Matrix, tolerance = 1e-12) => {
  assertEquals([A.rows, A.columns], [B.rows, B.columns]);
  assert(distance(A, B) < tolerance, `largest difference ${distance(A, B)}`);
};

Deno.test("matrix() refuses rows of unequal length and entries that are not finite", () => {
  assertThrows(() => matrix([[1, 2], [3]]), RangeError, "row 1 has 1");
  assertThrows(() => matrix([[1, NaN]]), RangeError, "row 0, column 1 is NaN");
  assertThrows(() => vector([1, Infinity], "y"), RangeError, "y has finite entries: entry 1");
  assertEquals(matrix([]), zeros(0, 0));
});

Deno.test("row() shares memory, column() copies", () => {
  const A = matrix([[1, 2], [3, 4]]);
  row(A, 1)[0] = 5;
  column(A, 0)[0] = 9;
  assertEquals([...A.data], [1, 2, 5, 4]);
});

Deno.test("multiply() agrees with sums by hand under every transposition", () => {
  const A = random(3, 4), B = random(4, 2, 2);
  const expected = zeros(3, 2);
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 2; j++) row(expected, i)[j] = dot(row(A, i), column(B, j));
  }
  assertClose(multiply(A, B), expected);
  assertClose(multiply(transpose(A), B, { transposeA: true }), expected);
  assertClose(multiply(A, transpose(B), { transposeB: true }), expected);
  assertClose(
    multiply(transpose(A), transpose(B), { transposeA: true, transposeB: true }),
    expected,
  );
  assertClose({ rows: 3, columns: 1, data: multiplyVector(A, column(B, 0)) }, {
    rows: 3,
    columns: 1,
    data: column(expected, 0),
  });
});

Deno.test("multiply() and its kin name the shapes that do not fit", () => {
  assertThrows(() => multiply(zeros(2, 3), zeros(2, 3)), RangeError, "3 columns meet 2 rows");
  assertThrows(() => multiplyVector(zeros(2, 3), [1]), RangeError, "2 × 3 by a vector of 1");
  assertThrows(() => add(zeros(2, 3), zeros(3, 2)), RangeError, "2 × 3 and 3 × 2");
  assertThrows(() => dot([1], [1, 2]), RangeError, "1 and 2");
  assertThrows(() => cholesky(zeros(2, 3)), RangeError, "square");
  assertThrows(() => solveTriangular(zeros(2, 2), zeros(3, 1)), RangeError, "rows differ");
  assertThrows(() => choleskyOfGram(zeros(2, 3)), RangeError, "rows ≥ columns, got 2 × 3");
});

Deno.test("multiply() of matrices without entries has the right shape", () => {
  assertEquals(multiply(zeros(2, 0), zeros(0, 3)), zeros(2, 3));
});

Deno.test("cholesky() multiplies back, solves, and gives the determinant", () => {
  const A = add(gram(random(6, 5)), identity(5)), b = random(5, 2, 3);
  const L = cholesky(A);
  assertClose(multiply(L, L, { transposeB: true }), A);
  assertClose(multiply(A, choleskySolve(L, b)), b);
  const fromEigenvalues = symmetricEigen(A).values.reduce((sum, value) => sum + Math.log(value), 0);
  assertAlmostEquals(choleskyLogDeterminant(L), fromEigenvalues, 1e-12);
});

Deno.test("cholesky() refuses a matrix that is not positive definite", () => {
  assertThrows(() => cholesky(matrix([[1, 2], [2, 1]])), NotPositiveDefiniteError, "2 × 2");
});

Deno.test("choleskyOfGram() is the Cholesky factor of the Gram matrix", () => {
  const A = random(7, 4);
  assertClose(choleskyOfGram(A), cholesky(gram(A)));
});

Deno.test("choleskyOfGram() keeps the digits that forming the Gram matrix loses", () => {
  const e = 1e-9; // A = [[1, 1], [e, 0], [0, e]] has AᵀA = [[1 + e², 1], [1, 1 + e²]], singular in float64
  const A = matrix([[1, 1], [e, 0], [0, e]]);
  assertThrows(() => cholesky(gram(A)), NotPositiveDefiniteError);
  assertAlmostEquals(choleskyOfGram(A).data[3] / (Math.SQRT2 * e), 1, 1e-7);
});

Deno.test("solveTriangular() inverts a triangle and its transpose", () => {
  const L = add(choleskyOfGram(random(6, 4)), identity(4)), B = random(4, 3, 5);
  assertClose(multiply(L, solveTriangular(L, B)), B);
  assertClose(
    multiply(L, solveTriangular(L, B, { transposed: true }), { transposeA: true }),
    B,
  );
});

Deno.test("symmetricEigen() gives ascending values and orthonormal vectors that multiply back", () => {
  const A = gram(random(3, 5)); // rank 3 of 5
  const { values, vectors } = symmetricEigen(A);
  assertEquals([...values], [...values].sort((a, b) => a - b));
  assertClose(gram(vectors), identity(5));
  assertClose(multiply(multiply(vectors, diagonal(values)), vectors, { transposeB: true }), A);
  assert(Math.abs(values[0]) < 1e-12 && values[2] > 1e-3);
});

Deno.test("svd() is thin, descending, and multiplies back for tall and wide matrices", () => {
  for (const A of [random(6, 3), random(3, 6)]) {
    const { U, s, V } = svd(A);
    assertEquals([U.columns, s.length, V.columns], [3, 3, 3]);
    assertEquals([...s], [...s].sort((a, b) => b - a));
    assertClose(gram(U), identity(3));
    assertClose(gram(V), identity(3));
    assertClose(multiply(multiply(U, diagonal(s)), V, { transposeB: true }), A);
  }
});

Deno.test("scaled() multiplies every entry", () => {
  assertEquals([...scaled(matrix([[1, -2]]), 3).data], [3, -6]);
});

Deno.test("softmax() gives probabilities that do not change when a row is shifted, and never overflows", () => {
  const p = softmax(matrix([[Math.log(3), 0], [Math.log(3) + 1000, 1000], [-1e308, 1e308]]));
  [3 / 4, 1 / 4, 3 / 4, 1 / 4, 0, 1].forEach((value, k) =>
    assertAlmostEquals(p.data[k], value, 1e-12)
  );
});

Deno.test("a product goes into no memory that it is computed from", () => {
  const memory = new Float64Array(3 * 9), part = (from: number) => memory.subarray(from, from + 9);
  const at = (from: number) => ({ rows: 3, columns: 3, data: part(from) });
  for (const from of [0, 4, 8]) {
    assertThrows(() => multiply(at(0), at(18), { into: at(from) }), RangeError, "the memory of A");
    assertThrows(() => multiply(at(18), at(0), { into: at(from) }), RangeError, "the memory of B");
  }
  assertEquals(multiply(at(0), at(0), { into: at(9) }).data, part(9));
});

for (const n of [3, 70]) {
  Deno.test(`what is no ${n} × ${n} matrix of finite entries is refused by name`, () => {
    const broken = (entry: number) => {
      const A = identity(n);
      A.data[1] = A.data[n] = entry;
      return A;
    };
    for (const entry of [Infinity, -Infinity, NaN]) {
      for (const decompose of [cholesky, choleskyOfGram, symmetricEigen, svd]) {
        assertThrows(() => decompose(broken(entry)), RangeError, "finite entries");
      }
    }
    const detached = identity(n);
    structuredClone(detached.data, { transfer: [detached.data.buffer as ArrayBuffer] });
    const wrong = [
      detached,
      { ...identity(n), rows: -n, columns: -n },
      { ...identity(n), rows: 0.5, columns: 2 * n * n },
    ];
    for (const A of wrong) {
      for (const use of [total, largest, cholesky, symmetricEigen, svd, transpose]) {
        assertThrows(() => use(A), RangeError);
      }
      assertThrows(() => multiply(A, identity(n)), RangeError);
    }
    assertThrows(() => solveTriangular(zeros(n, n), identity(n)), RangeError, "without zeros");
    assertThrows(() => selectRows(identity(n), [n]), RangeError, "index of a row");
  });
}
