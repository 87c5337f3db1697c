import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  deviationOf,
  divergenceFromPrior,
  drawFrom,
  meanField,
  meanOf,
} from "../../../lib/models/perceptron/mean_field.ts";
import { seeded } from "../../../lib/random.ts";

const mean = [0.3, -1, 2], deviation = [0.01, 1, 40];

Deno.test("meanField() keeps means and deviations", () => {
  const phi = meanField(mean, deviation);
  assertEquals([...meanOf(phi)], mean);
  deviationOf(phi).forEach((s, i) => assertAlmostEquals(s / deviation[i], 1, 1e-12));
});

Deno.test("divergenceFromPrior() is 0 at the prior alone, where its gradient vanishes", () => {
  const { value, gradient } = divergenceFromPrior(meanField([0, 0], 0.7), 0.7);
  assertAlmostEquals(value, 0, 1e-12);
  gradient.forEach((g) => assertAlmostEquals(g, 0, 1e-12));
});

Deno.test("divergenceFromPrior() is E_q log q − log p, by draws", () => {
  const phi = meanField([0.5, -0.2], [0.4, 1.3]), s = 0.8, S = 40_000, random = seeded(1);
  const sigma = deviationOf(phi), mu = meanOf(phi);
  let sum = 0, squares = 0;
  for (let i = 0; i < S; i++) {
    const { theta } = drawFrom(phi, random);
    const ratio = theta.reduce(
      (total, t, j) =>
        total + Math.log(s / sigma[j]) + t * t / (2 * s * s) - ((t - mu[j]) / sigma[j]) ** 2 / 2,
      0,
    );
    sum += ratio / S;
    squares += ratio * ratio / S;
  }
  assertAlmostEquals(
    divergenceFromPrior(phi, s).value,
    sum,
    4 * Math.sqrt((squares - sum * sum) / S),
  );
});

Deno.test("divergenceFromPrior() has the gradient of finite differences", () => {
  const phi = meanField(mean, [0.1, 1, 3]), h = 1e-6;
  divergenceFromPrior(phi, 0.6).gradient.forEach((g, i) => {
    const at = (value: number) => divergenceFromPrior(phi.with(i, value), 0.6).value;
    assertAlmostEquals(g, (at(phi[i] + h) - at(phi[i] - h)) / (2 * h), 1e-6);
  });
});

Deno.test("meanField() refuses deviations that are not positive", () => {
  for (const wrong of [0, -1, NaN, Infinity]) {
    assertThrows(() => meanField(mean, wrong), RangeError, `got ${wrong}`);
  }
});
