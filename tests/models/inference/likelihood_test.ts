import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { matrix, row } from "../../../lib/linear_algebra/mod.ts";
import { logitCurvature, logLikelihood } from "../../../lib/models/inference/likelihood.ts";
import { probabilitiesOf } from "../../../lib/models/inference/predictive.ts";

const cases = [
  { logits: matrix([[0.3], [-2], [5]]), labels: [1, 0, 0] },
  { logits: matrix([[0.3, 1, -2], [-2, 0, 0.5], [5, -1, 4]]), labels: [2, 0, 1] },
];

for (const { logits, labels } of cases) {
  const K = logits.columns, h = 1e-5;
  const nudged = (i: number, by: number) => ({
    ...logits,
    data: logits.data.with(i, logits.data[i] + by),
  });

  Deno.test(`logLikelihood() sums the log probabilities of the labels, ${K} logits`, () => {
    const p = probabilitiesOf(logits);
    const expected = labels.reduce((sum, y, n) => sum + Math.log(row(p, n)[y]), 0);
    assertAlmostEquals(logLikelihood(logits, labels).value, expected, 1e-12);
  });

  Deno.test(`logLikelihood() has the gradient of finite differences, ${K} logits`, () => {
    logLikelihood(logits, labels).gradient.data.forEach((g, i) => {
      const slope = (logLikelihood(nudged(i, h), labels).value -
        logLikelihood(nudged(i, -h), labels).value) / (2 * h);
      assertAlmostEquals(g, slope, 1e-9);
    });
  });

  Deno.test(`logitCurvature() is minus the gradient's derivative by finite differences, ${K} logits`, () => {
    const curvature = logitCurvature(logits);
    for (let n = 0; n < labels.length; n++) {
      for (let k = 0; k < K; k++) {
        const [up, down] = [h, -h].map((by) =>
          row(logLikelihood(nudged(n * K + k, by), labels).gradient, n)
        );
        row(curvature[n], k).forEach((value, j) =>
          assertAlmostEquals(value, -(up[j] - down[j]) / (2 * h), 1e-9)
        );
      }
    }
  });
}

Deno.test("one logit says what two logits (0, a) say", () => {
  const one = matrix([[0.7], [-3]]), two = matrix([[0, 0.7], [0, -3]]), labels = [1, 1];
  assertAlmostEquals(logLikelihood(one, labels).value, logLikelihood(two, labels).value, 1e-15);
  probabilitiesOf(one).data.forEach((p, i) =>
    assertAlmostEquals(p, probabilitiesOf(two).data[i], 1e-15)
  );
});

Deno.test("logLikelihood() stays finite where probabilities vanish", () => {
  assertEquals(logLikelihood(matrix([[800]]), [0]).value, -800);
  assertEquals(logLikelihood(matrix([[0, 800]]), [0]).value, -800);
  assert(probabilitiesOf(matrix([[-1e6], [1e6]])).data.every((p) => p === 0 || p === 1));
});

Deno.test("logLikelihood() refuses a number of labels that does not fit", () => {
  assertThrows(
    () => logLikelihood(matrix([[0], [0]]), [1]),
    RangeError,
    "each of 2 rows, got 1",
  );
});
