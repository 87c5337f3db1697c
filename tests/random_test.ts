import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { normals, permutation, restored, seeded, splitMix64, uniforms } from "../lib/random.ts";

const average = (values: ArrayLike<number>) =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

Deno.test("seeded() gives the same draws for a seed and others for another", () => {
  assertEquals(uniforms(seeded(1), 5), uniforms(seeded(1), 5));
  assert(seeded(1)() !== seeded(2)());
  assertThrows(
    () => seeded(0.5),
    RangeError,
    "A seed is a whole number of at most 2⁵³ − 1 in size, got 0.5",
  );
});

Deno.test("splitMix64() gives the outputs of its authors' program", () => {
  // printf of next() in https://prng.di.unimi.it/splitmix64.c with x = 1234567
  assertEquals(splitMix64(1234567n, 5), [
    6457827717110365317n,
    3203168211198807973n,
    9817491932198370423n,
    4593380528125082431n,
    16408922859458223821n,
  ]);
});

Deno.test("every bit of a seed counts, its sign too", () => {
  const seeds = [1, -1, 2 ** 32 + 1, 2 ** 52 + 1, 2 ** 53 - 1, -(2 ** 53 - 1), 0];
  assertEquals(new Set(seeds.map((seed) => seeded(seed)())).size, seeds.length);
  assertThrows(() => seeded(2 ** 53), RangeError, "A seed is a whole number");
});

Deno.test("the first draws of neighbouring seeds are uniform and unrelated", () => {
  const N = 10_000, draws = Array.from({ length: N }, (_, seed) => uniforms(seeded(seed), 2));
  const first = draws.map(([u]) => u), second = draws.map(([, u]) => u);
  const sorted = Float64Array.from(first).sort();
  const deviation = sorted.reduce((d, u, i) => Math.max(d, (i + 1) / N - u, u - i / N), 0);
  assert(deviation < 1.95 / Math.sqrt(N), `Kolmogorov–Smirnov at 0.1%: ${deviation}`);
  const centred = (u: number) => (u - 1 / 2) * Math.sqrt(12); // of mean 0 and variance 1
  const correlations = [
    average(first.slice(1).map((u, i) => centred(u) * centred(first[i]))),
    average(second.map((u, i) => centred(u) * centred(first[i]))),
  ];
  // A correlation of N independent pairs has the deviation 1/√N.
  for (const correlation of correlations) assertAlmostEquals(correlation, 0, 4 / Math.sqrt(N));
});

Deno.test("restored() continues where state() was taken", () => {
  const random = seeded(3);
  normals(random, 10);
  const again = restored(random.state());
  for (let i = 0; i < 20; i++) assert(random() === again());
});

Deno.test("normals() has the moments of a Gaussian", () => {
  const N = 50_000, z = normals(seeded(4), N, { mean: 2, deviation: 3 }).map((v) => (v - 2) / 3);
  // Five standard errors of the first four moments: 1, 2, 15 and 96 are the variances of z, z², z³ and z⁴.
  for (const [power, moment, variance] of [[1, 0, 1], [2, 1, 2], [3, 0, 15], [4, 3, 96]]) {
    assertAlmostEquals(average(z.map((v) => v ** power)), moment, 5 * Math.sqrt(variance / N));
  }
});

Deno.test("normals() with deviation 0 is its mean, and bad arguments are errors", () => {
  assertEquals([...normals(seeded(1), 2, { mean: 7, deviation: 0 })], [7, 7]);
  assertThrows(
    () => normals(seeded(1), -1),
    RangeError,
    "count is a whole number of at least 0, got -1",
  );
  assertThrows(
    () => normals(seeded(1), 1, { deviation: -1 }),
    RangeError,
    "deviation is a finite number of at least 0, got -1",
  );
  assertThrows(
    () => normals(seeded(1), 1, { mean: NaN }),
    RangeError,
    "mean is a finite number, got NaN",
  );
});

Deno.test("uniforms() fills its interval evenly", () => {
  const N = 40_000, u = uniforms(seeded(5), N, -1, 3);
  assert(u.every((v) => -1 <= v && v < 3));
  for (let quarter = 0; quarter < 4; quarter++) {
    const share = u.filter((v) => Math.floor(v + 1) === quarter).length / N;
    assertAlmostEquals(share, 1 / 4, 5 * Math.sqrt(3 / 16 / N));
  }
});

Deno.test("integer() is uniform, and refuses a count that is none", () => {
  const random = seeded(6), N = 30_000, counts = [0, 0, 0];
  for (let i = 0; i < N; i++) counts[random.integer(3)]++;
  for (const count of counts) assertAlmostEquals(count / N, 1 / 3, 5 * Math.sqrt(2 / 9 / N));
  assertThrows(() => random.integer(0), RangeError, "got 0");
});

Deno.test("permutation() holds every index once, and every order is as likely", () => {
  const order = permutation(seeded(1), 100);
  assert(new Set(order).size === 100 && Math.max(...order) === 99);
  const random = seeded(7), N = 30_000, orders = new Map<string, number>();
  for (let i = 0; i < N; i++) {
    const key = permutation(random, 3).join("");
    orders.set(key, (orders.get(key) ?? 0) + 1);
  }
  assertEquals(orders.size, 6);
  for (const count of orders.values()) {
    assertAlmostEquals(count / N, 1 / 6, 5 * Math.sqrt(5 / 36 / N));
  }
});
