import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { symmetricEigenOfSum } from "../../lib/linear_algebra/eigen_of_sum.ts";
import { add, type Matrix, multiply, symmetricEigen, zeros } from "../../lib/linear_algebra/mod.ts";
import { normals, seeded } from "../../lib/random.ts";

const D = 8, random = seeded(2);
const normalMatrix = (rows: number, deviation = 1): Matrix => ({
  rows,
  columns: D,
  data: normals(random, rows * D, { deviation }),
});
const gram = (A: Matrix) => multiply(A, A, { transposeA: true });

Deno.test("symmetricEigenOfSum() is symmetricEigen() of the sum where all is of one size", () => {
  const S = gram(normalMatrix(20)), B = normalMatrix(3);
  const { values, vectors, rank } = symmetricEigenOfSum(S, B);
  const plain = symmetricEigen(add(S, gram(B)));
  assertEquals([values, vectors, rank], [plain.values, plain.vectors, D]);
});

Deno.test("symmetricEigenOfSum() keeps what a long B would round away", () => {
  // S on the space that B does not reach is what is left, up to 1e-16 of it.
  const S = gram(normalMatrix(20)),
    B = normalMatrix(2, 1e8),
    { vectors, values } = symmetricEigenOfSum(S, B);
  const kept = { ...zeros(D, D - 2) };
  for (let k = 0; k < kept.data.length; k++) {
    kept.data[k] = vectors.data[Math.floor(k / (D - 2)) * D + k % (D - 2)];
  }
  multiply(B, kept).data.forEach((it) => assertAlmostEquals(it / 1e8, 0, 1e-14));
  const inner = multiply(kept, multiply(S, kept), { transposeA: true });
  inner.data.forEach((entry, k) =>
    assertAlmostEquals(entry, k % (D - 1) === 0 ? values[Math.floor(k / (D - 2))] : 0, 1e-6)
  );
  assert(values[0] > 1);
});

Deno.test("symmetricEigenOfSum() counts the dimensions that are there", () => {
  const few = gram(normalMatrix(3)), none = zeros(1, D);
  assertEquals(symmetricEigenOfSum(few, none).rank, 3);
  assertEquals(symmetricEigenOfSum(few, normalMatrix(2)).rank, 5);
  assertEquals(symmetricEigenOfSum(zeros(D, D), normalMatrix(2, 1e8)).rank, 2);
  assertEquals(symmetricEigenOfSum(zeros(D, D), none).rank, 0);
  const units = Float64Array.from({ length: D }, (_, j) => 10 ** (-j)), features = normalMatrix(20);
  features.data.forEach((f, k) => features.data[k] = f * units[k % D]);
  assertEquals(symmetricEigenOfSum(gram(features), none).rank, D);
});
