import { assert, assertEquals } from "@std/assert";
import { type Kernels, kernelsFor, portable } from "../../lib/linear_algebra/kernels.ts";
import {
  add,
  diagonal,
  identity,
  type Matrix,
  multiply,
  symmetricEigen,
  transpose,
} from "../../lib/linear_algebra/mod.ts";
import { normals, seeded } from "../../lib/random.ts";
import { binding } from "../../lib/tensorflow/device.ts";
import { doubleKernels } from "../../lib/tensorflow/linear_algebra.ts";

const TOLERANCE = 1e-10;
const ignore = binding === undefined;
const fast = (): Kernels => doubleKernels(binding!);

const random = (rows: number, columns: number, seed = 1): Matrix => ({
  rows,
  columns,
  data: normals(seeded(seed), rows * columns),
});
const gram = (A: Matrix) => portable.multiply(A, A, true, false);
const assertClose = (A: Matrix, B: Matrix) => {
  assertEquals([A.rows, A.columns], [B.rows, B.columns]);
  const largest = Math.max(...B.data.map(Math.abs));
  const difference = Math.max(...add(A, B, -1).data.map(Math.abs));
  assert(difference < TOLERANCE * largest, `${difference} apart, largest entry ${largest}`);
};

Deno.test(
  "TensorFlow's kernels multiply() as ml-matrix does under every transposition",
  { ignore },
  () => {
    for (const transposeA of [false, true]) {
      for (const transposeB of [false, true]) {
        const A = transposeA ? random(70, 30) : random(30, 70);
        const B = transposeB ? random(20, 70, 2) : random(70, 20, 2);
        assertClose(
          fast().multiply(A, B, transposeA, transposeB),
          portable.multiply(A, B, transposeA, transposeB),
        );
      }
    }
  },
);

Deno.test("TensorFlow's kernels give ml-matrix's cholesky(), and null where there is none", {
  ignore,
}, () => {
  const A = gram(random(120, 80));
  assertClose(fast().cholesky(A)!, portable.cholesky(A)!);
  assertEquals(fast().cholesky(add(A, identity(80), -1e6)), null);
});

Deno.test(
  "TensorFlow's kernels give ml-matrix's symmetricEigen(), and its vectors rebuild the matrix",
  { ignore },
  () => {
    const A = gram(random(120, 80));
    const { values, vectors } = fast().symmetricEigen(A);
    assertClose(diagonal(values), diagonal(portable.symmetricEigen(A).values));
    assertClose(multiply(multiply(vectors, diagonal(values)), transpose(vectors)), A);
    assertClose(multiply(vectors, vectors, { transposeA: true }), identity(80));
  },
);

Deno.test(
  "TensorFlow's kernels give ml-matrix's svd() of tall and wide matrices",
  { ignore },
  () => {
    for (const A of [random(90, 40), random(40, 90)]) {
      const { U, s, V } = fast().svd(A);
      assertClose(diagonal(s), diagonal(portable.svd(A).s));
      assertClose(multiply(multiply(U, diagonal(s)), transpose(V)), A);
    }
  },
);

Deno.test("kernelsFor() hands large problems to TensorFlow once it is loaded", { ignore }, () => {
  assertEquals(kernelsFor(8 ** 3).name, "ml-matrix");
  assertEquals(kernelsFor(512 ** 3).name, `TensorFlow ${binding!.TF_Version}`);
  const before = binding!.getNumOfTensors();
  assertEquals(symmetricEigen(identity(200)).values, new Float64Array(200).fill(1));
  assertEquals(binding!.getNumOfTensors(), before);
});

Deno.test(
  "TensorFlow's kernels softmax() as plain JavaScript does, also where exponentials would overflow",
  { ignore },
  () => {
    const A = random(200, 30);
    for (const logits of [A, { ...A, data: A.data.map((a) => 1e5 * a) }]) {
      assertClose(fast().softmax(logits), portable.softmax(logits));
    }
  },
);
