import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { twoMoons, twoMoonsProbability } from "../../lib/data/two_moons.ts";
import { matrix, row } from "../../lib/linear_algebra/mod.ts";
import { seeded } from "../../lib/random.ts";

Deno.test("twoMoons() lies on the two half circles where there is no noise", () => {
  const { X, labels } = twoMoons(seeded(1), { points: 100, noise: 0 });
  labels.forEach((label, n) => {
    const [x, y] = row(X, n);
    const [dx, dy] = label === 0 ? [x, y] : [1 - x, 0.5 - y];
    assertAlmostEquals(Math.hypot(dx, dy), 1, 1e-12);
    assert(dy >= -1e-12);
  });
  assertEquals(labels.reduce((sum, label) => sum + label, 0), 50);
});

Deno.test("twoMoons() gives the same points for the same seed, in mixed order", () => {
  const set = twoMoons(seeded(2), { points: 200, noise: 0.1 });
  assertEquals(twoMoons(seeded(2), { points: 200, noise: 0.1 }), set);
  assert(new Set(set.labels.slice(0, 20)).size === 2);
});

Deno.test("twoMoons() adds noise of the deviation asked for", () => {
  const noise = 0.2, points = 4000, { X, labels } = twoMoons(seeded(3), { points, noise });
  let radial = 0; // E (|x + e| − 1)² tends to noise² as noise falls
  labels.forEach((label, n) => {
    const [x, y] = row(X, n);
    radial += label === 0 ? x * x + y * y : (1 - x) ** 2 + (0.5 - y) ** 2;
  });
  // E |c + e|² = 1 + 2 noise², with variance (4 noise² + 4 noise⁴) / points
  const standardError = Math.sqrt((4 * noise ** 2 + 4 * noise ** 4) / points);
  assertAlmostEquals(radial / points, 1 + 2 * noise ** 2, 4 * standardError);
});

Deno.test("twoMoonsProbability() is calibrated on the points that it describes", () => {
  const options = { points: 2000, noise: 0.3 }, { X, labels } = twoMoons(seeded(4), options);
  const p = twoMoonsProbability(X, options);
  let difference = 0, variance = 0;
  p.forEach((pn, n) => {
    difference += labels[n] - pn;
    variance += pn * (1 - pn);
  });
  assert(Math.abs(difference) < 4 * Math.sqrt(variance));
});

Deno.test("twoMoonsProbability() is ½ at the centre of symmetry, and certain beside one moon", () => {
  const p = twoMoonsProbability(matrix([[0.5, 0.25], [0, 1], [1, -0.5]]), { noise: 0.1 });
  assertAlmostEquals(p[0], 0.5, 1e-9);
  assert(p[1] < 1e-6 && p[2] > 1 - 1e-6);
});

Deno.test("twoMoons() refuses odd numbers of points and negative noise", () => {
  const random = seeded(1);
  for (const points of [0, 3, 2.5]) {
    assertThrows(() => twoMoons(random, { points }), RangeError, `got ${points}`);
  }
  for (const noise of [-0.1, NaN, Infinity]) {
    assertThrows(() => twoMoons(random, { noise }), RangeError, `got ${noise}`);
  }
  assertThrows(() => twoMoonsProbability(matrix([[0, 0]]), { noise: 0 }), RangeError, "noise");
});
