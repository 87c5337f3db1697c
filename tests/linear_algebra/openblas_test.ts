import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { type Kernels, kernelsFor } from "../../lib/linear_algebra/kernels.ts";
import {
  add,
  diagonal,
  identity,
  type Matrix,
  multiply,
  rowRange,
  scaled,
  total,
  transpose,
  zeros,
} from "../../lib/linear_algebra/mod.ts";
import { portable } from "../../lib/linear_algebra/portable.ts";
import "../../lib/native.ts";
import { normals, seeded } from "../../lib/random.ts";

const TOLERANCE = 1e-10;
const fast = kernelsFor(Infinity);

const random = (rows: number, columns: number, seed = 1): Matrix => ({
  rows,
  columns,
  data: normals(seeded(seed), rows * columns),
});
const product = (
  kernels: Kernels,
  A: Matrix,
  B: Matrix,
  transposeA = false,
  transposeB = false,
) => {
  const product = zeros(transposeA ? A.columns : A.rows, transposeB ? B.rows : B.columns);
  kernels.multiply(A, B, { transposeA, transposeB, product });
  return product;
};
const gram = (A: Matrix) => product(portable, A, A, true);
const assertClose = (A: Matrix, B: Matrix) => {
  assertEquals([A.rows, A.columns], [B.rows, B.columns]);
  const largest = Math.max(...B.data.map(Math.abs));
  const difference = Math.max(...add(A, B, -1).data.map(Math.abs));
  assert(difference < TOLERANCE * largest, `${difference} apart, largest entry ${largest}`);
};

Deno.test("OpenBLAS's kernels read no memory but a matrix's own", () => {
  const A = random(64, 64), bare = { ...A, data: A.data.subarray(1) };
  const single = { ...A, data: Float32Array.from(A.data) as unknown as Float64Array };
  const kernels = [
    fast.cholesky,
    fast.symmetricEigen,
    fast.svd,
    fast.maxima,
    fast.squaredNorms,
    (B: Matrix) => multiply(A, B),
    total,
  ];
  for (const kernel of kernels) {
    assertThrows(() => kernel(bare), RangeError, "64 × 64 entries are promised, data has 4095");
    assertThrows(() => kernel(single), TypeError, "Float64Array");
  }
});

Deno.test(
  "OpenBLAS's kernels multiply() as plain JavaScript does under every transposition",
  () => {
    for (const transposeA of [false, true]) {
      for (const transposeB of [false, true]) {
        const A = transposeA ? random(70, 30) : random(30, 70);
        const B = transposeB ? random(20, 70, 2) : random(70, 20, 2);
        assertClose(
          product(fast, A, B, transposeA, transposeB),
          product(portable, A, B, transposeA, transposeB),
        );
      }
    }
  },
);

Deno.test("OpenBLAS's kernels give plain JavaScript's cholesky(), and null where there is none", () => {
  const A = gram(random(120, 80));
  assertClose(fast.cholesky(A)!, portable.cholesky(A)!);
  assertEquals(fast.cholesky(add(A, identity(80), -1e6)), null);
});

Deno.test(
  "OpenBLAS's kernels give plain JavaScript's symmetricEigen(), and its vectors rebuild the matrix",
  () => {
    const A = gram(random(120, 80));
    const { values, vectors } = fast.symmetricEigen(A);
    assertClose(diagonal(values), diagonal(portable.symmetricEigen(A).values));
    assertClose(multiply(multiply(vectors, diagonal(values)), transpose(vectors)), A);
    assertClose(multiply(vectors, vectors, { transposeA: true }), identity(80));
  },
);

Deno.test(
  "OpenBLAS's kernels give plain JavaScript's svd() of tall and wide matrices",
  () => {
    for (const A of [random(90, 40), random(40, 90)]) {
      const { U, s, V } = fast.svd(A);
      assertClose(diagonal(s), diagonal(portable.svd(A).s));
      assertClose(multiply(multiply(U, diagonal(s)), transpose(V)), A);
    }
  },
);

Deno.test("OpenBLAS's kernels sum() every entry, and NaN and infinities show", () => {
  const { data } = random(37, 101);
  assertAlmostEquals(fast.sum(data), portable.sum(data), 1e-10);
  for (const [k, entry] of [[0, NaN], [1000, Infinity], [data.length - 1, -Infinity]]) {
    const spoilt = data.slice().fill(entry, k, k + 1);
    assertEquals([fast.sum(spoilt), portable.sum(spoilt)], [entry, entry]);
  }
});

Deno.test("OpenBLAS's kernels give maxima() and squaredNorms() of every row, also of a view", () => {
  for (const columns of [1, 2, 3, 7, 16, 33, 100, 513]) {
    const whole = random(40, columns), view = rowRange(whole, 3, 40);
    for (const A of [whole, view, scaled(whole, -1), rowRange(whole, 5, 5)]) {
      assertEquals(fast.maxima(A), portable.maxima(A));
      const norms = portable.squaredNorms(A);
      fast.squaredNorms(A).forEach((norm, i) =>
        assertAlmostEquals(norm, norms[i], 1e-14 * columns)
      );
    }
  }
});

Deno.test("maxima() are NaN in a row where an entry is not finite, wherever it is", () => {
  for (const wrong of [NaN, Infinity, -Infinity]) {
    for (let column = 0; column < 37; column++) {
      const A = random(3, 37), most = portable.maxima(A);
      A.data[37 + column] = wrong;
      most[1] = NaN;
      for (const kernels of [fast, portable]) assertEquals(kernels.maxima(A), most);
    }
  }
});

Deno.test("kernelsFor() hands large problems to OpenBLAS, which setUp() has installed", () => {
  assertEquals(kernelsFor(8 ** 3).name, "plain JavaScript");
  assertStringIncludes(kernelsFor(512 ** 3).name, "OpenBLAS 0.3");
});

Deno.test("OpenBLAS's kernels refuse entries that are not finite", () => {
  const A = { ...identity(70), data: identity(70).data.fill(NaN, 0, 1) };
  assertEquals(fast.cholesky(A), null);
  assertThrows(() => fast.symmetricEigen(A), RangeError, "finite entries");
  assertThrows(() => fast.svd(A), RangeError, "finite entries");
});
