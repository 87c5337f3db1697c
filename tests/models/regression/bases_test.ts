import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  designMatrix,
  evenlySpaced,
  fourier,
  gaussian,
  polynomial,
  scaleBasis,
} from "../../../lib/models/regression/bases.ts";

Deno.test("designMatrix() has a row for each input and a column for each function", () => {
  const basis = [...polynomial({ degree: 2 }), ...fourier({ period: 4, harmonics: 1 })];
  const { rows, columns, data } = designMatrix(basis, [0, 1]);
  assertEquals([rows, columns], [2, 5]);
  [1, 0, 0, 0, 1, 1, 1, 1, 1, 0].forEach((value, k) => assertAlmostEquals(data[k], value, 1e-15));
});

Deno.test("designMatrix() takes inputs of several coordinates", () => {
  const basis = [() => 1, ([a]: number[]) => a, ([, b]: number[]) => b];
  assertEquals([...designMatrix(basis, [[2, 3]]).data], [1, 2, 3]);
});

Deno.test("designMatrix() names the input that is not finite", () => {
  assertThrows(
    () => designMatrix(polynomial({ degree: 1 }), [0, NaN]),
    RangeError,
    "x[1] is a finite number, got NaN",
  );
  assertThrows(() => designMatrix([], [0]), RangeError, "at least one function");
});

Deno.test("gaussian() is 1 at its centre and exp(-1/2) one width away", () => {
  const [phi] = gaussian({ centres: [3], width: 0.5 });
  assertEquals(phi(3), 1);
  assertAlmostEquals(phi(3.5), Math.exp(-0.5), 1e-15);
  assertEquals(phi(2.5), phi(3.5));
});

Deno.test("fourier() repeats after its period and its harmonics are orthogonal", () => {
  const basis = fourier({ period: 3, harmonics: 2 }), x = evenlySpaced(0, 3, 61).slice(1);
  for (const phi of basis) assertAlmostEquals(phi(0.7), phi(3.7), 1e-14);
  for (const [i, a] of basis.entries()) {
    for (const [j, b] of basis.entries()) {
      const product = x.reduce((sum, v) => sum + a(v) * b(v), 0) / x.length;
      assertAlmostEquals(product, i === j ? 0.5 : 0, 1e-14);
    }
  }
});

Deno.test("scaleBasis() multiplies each function", () => {
  assertEquals(scaleBasis(polynomial({ degree: 1 }), 3).map((phi) => phi(2)), [3, 6]);
});

Deno.test("evenlySpaced() includes both ends", () => {
  assertEquals(evenlySpaced(-1, 1, 5), [-1, -0.5, 0, 0.5, 1]);
});

Deno.test("bases refuse what has no meaning", () => {
  assertThrows(() => polynomial({ degree: -1 }), RangeError, "degree is a whole number");
  assertThrows(() => polynomial({ degree: 1.5 }), RangeError, "degree is a whole number");
  assertThrows(() => gaussian({ centres: [0], width: 0 }), RangeError, "width");
  assertThrows(() => fourier({ period: NaN, harmonics: 1 }), RangeError, "period");
  assertThrows(() => fourier({ period: 1, harmonics: 0 }), RangeError, "harmonics");
  assertThrows(() => scaleBasis(polynomial({ degree: 1 }), -1), RangeError, "scale");
  assertThrows(() => evenlySpaced(0, 1, 1), RangeError, "count");
});
