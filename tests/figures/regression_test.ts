import { assertAlmostEquals, assertEquals } from "@std/assert";
import { plot } from "../../lib/figures/plot.ts";
import {
  bandLabels,
  dataPoints,
  ellipse,
  gaussianEllipses,
  predictionBands,
} from "../../lib/figures/regression.ts";
import { matrix, multiply, multiplyVector } from "../../lib/linear_algebra/mod.ts";

const gaussian = { mean: [1, -2], precisionCholesky: matrix([[2, 0], [1, 3]]) };

Deno.test("ellipse() lies at the given number of standard deviations, and closes", () => {
  const L = gaussian.precisionCholesky;
  const precision = multiply(L, L, { transposeB: true });
  const corners = ellipse(gaussian, { radius: 2, corners: 12 });
  for (const corner of corners) {
    const d = corner.map((w, j) => w - gaussian.mean[j]);
    const [a, b] = multiplyVector(precision, d);
    assertAlmostEquals(d[0] * a + d[1] * b, 4, 1e-13);
  }
  assertEquals(corners.length, 13);
  assertEquals(corners[0], corners[12]);
});

Deno.test("predictionBands() draws an area for each band and the mean, bandLabels() name them", () => {
  const curve = { x: [0, 1, 2], mean: [0, 1, 2], variance: [1, 1, 4] };
  const figure = plot({
    marks: [predictionBands(curve), bandLabels(curve), dataPoints({ x: [1, 2], y: [3, 4] })],
  });
  assertEquals(figure.querySelectorAll("[aria-label=area] path").length, 3);
  assertEquals(figure.querySelectorAll("[aria-label=line] path").length, 1);
  assertEquals(figure.querySelectorAll("[aria-label=dot] circle").length, 2);
  for (const label of ["mean", "+1σ", "+2σ", "+3σ"]) {
    assertEquals(
      [...figure.querySelectorAll("text")].filter((t) => t.textContent === label).length,
      1,
    );
  }
});

Deno.test("gaussianEllipses() draws one closed curve for each radius", () => {
  const figure = plot({ marks: [gaussianEllipses(gaussian, { radii: [2, 1] })] });
  assertEquals(figure.querySelectorAll("[aria-label=line] path").length, 2);
});
