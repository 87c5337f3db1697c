import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { lineSet } from "../../../lib/data/regression.ts";
import { dot } from "../../../lib/linear_algebra/mod.ts";
import { polynomial } from "../../../lib/models/regression/bases.ts";
import { fitBayesianLinearRegression } from "../../../lib/models/regression/bayesian_linear_regression.ts";
import { maximizeEvidence } from "../../../lib/models/regression/evidence.ts";
import { seeded } from "../../../lib/random.ts";
import reference from "../../reference/bayesian_linear_regression.json" with { type: "json" };

Deno.test("maximizeEvidence() finds what scikit-learn's BayesianRidge finds", () => {
  for (const expected of reference.bayesianRidge) {
    const { alpha, beta, logEvidence } = maximizeEvidence(reference, {
      basis: polynomial({ degree: expected.degree }),
    });
    assertAlmostEquals(alpha / expected.alpha, 1, 1e-8);
    assertAlmostEquals(beta / expected.beta, 1, 1e-8);
    assertAlmostEquals(logEvidence, expected.logEvidence, 1e-9);
  }
});

Deno.test("maximizeEvidence() stands at MacKay's fixed point, higher than all around it", () => {
  const basis = polynomial({ degree: 3 });
  const { alpha, beta, gamma, logEvidence } = maximizeEvidence(reference, { basis });
  const at = (alpha: number, beta: number) =>
    fitBayesianLinearRegression(reference, { basis, alpha, beta });
  const { mean } = at(alpha, beta).posterior;
  assertAlmostEquals(gamma / dot(mean, mean) / alpha, 1, 1e-9);
  assertAlmostEquals(at(alpha, beta).logEvidence, logEvidence, 1e-10);
  for (const [a, b] of [[1.01, 1], [0.99, 1], [1, 1.01], [1, 0.99]]) {
    assert(at(a * alpha, b * beta).logEvidence < logEvidence);
  }
});

Deno.test("maximizeEvidence() recovers the noise precision 1/σ² of many points", () => {
  const data = lineSet(seeded(3), { points: 4000, sigma: 0.2 });
  const { beta } = maximizeEvidence(data, { basis: polynomial({ degree: 1 }) });
  assertAlmostEquals(beta * 0.2 ** 2, 1, 4 * Math.sqrt(2 / 4000)); // four standard errors
});

Deno.test("maximizeEvidence() says when there is no maximum", () => {
  const line = polynomial({ degree: 1 }), x = [0, 1, 2, 3];
  assertThrows(
    () => maximizeEvidence({ x, y: [1, 2, 3, 4] }, { basis: line }),
    RangeError,
    "without noise",
  );
  assertThrows(
    () => maximizeEvidence({ x, y: [0, 0, 0, 0] }, { basis: line }),
    RangeError,
    "no maximum",
  );
  assertThrows(
    () => maximizeEvidence({ x, y: [1, -2, 1, 0] }, { basis: line }),
    RangeError,
    "all noise",
  );
  assertThrows(
    () => maximizeEvidence({ x, y: [1] }, { basis: line }),
    RangeError,
    "4 inputs and 1 targets",
  );
  assertThrows(
    () => maximizeEvidence({ x: [], y: [] }, { basis: line }),
    RangeError,
    "at least one point",
  );
  assertThrows(
    () => maximizeEvidence({ x, y: [1, 2, NaN, 3] }, { basis: line }),
    RangeError,
    "y holds finite",
  );
});

Deno.test("maximizeEvidence() refuses as many points as functions, which cannot tell signal from noise", () => {
  for (const [x, y] of [[1, 5], [1, 50], [2, 5]]) { // of one point, whatever rounding does
    assertThrows(
      () => maximizeEvidence({ x: [x], y: [y] }, { basis: polynomial({ degree: 1 }) }),
      RangeError,
      "too few",
    );
  }
  // Orthonormal functions at as many points: the evidence depends on 1/alpha + 1/beta alone.
  const basis = [
    (x: number) => Math.cos(Math.PI * x / 2),
    (x: number) => Math.sin(Math.PI * x / 2),
  ];
  assertThrows(() => maximizeEvidence({ x: [0, 1], y: [3, 1] }, { basis }), RangeError, "too few");
});

Deno.test("maximizeEvidence() scales with the targets, from 1e-150 to 1e150", () => {
  const x = [0, 1, 2, 3], y = [0.1, 0.9, 2.1, 2.9], basis = polynomial({ degree: 1 });
  const one = maximizeEvidence({ x, y }, { basis });
  for (const scale of [2 ** -500, 2 ** 500]) {
    const { alpha, beta, logEvidence } = maximizeEvidence(
      { x, y: y.map((t) => scale * t) },
      { basis },
    );
    assertAlmostEquals(alpha * scale ** 2 / one.alpha, 1, 1e-12);
    assertAlmostEquals(beta * scale ** 2 / one.beta, 1, 1e-12);
    assertAlmostEquals(logEvidence, one.logEvidence - x.length * Math.log(scale), 1e-9);
  }
});
