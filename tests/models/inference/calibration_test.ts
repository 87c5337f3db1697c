import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { type Matrix, matrix, row } from "../../../lib/linear_algebra/mod.ts";
import { negativeLogLikelihood } from "../../../lib/metrics/classification.ts";
import { type Calibrator, uncalibrated } from "../../../lib/models/inference/calibrator.ts";
import { IsotonicCalibration } from "../../../lib/models/inference/isotonic_calibration.ts";
import { TemperatureScaling } from "../../../lib/models/inference/temperature_scaling.ts";
import { VectorScaling } from "../../../lib/models/inference/vector_scaling.ts";
import { normals, seeded } from "../../../lib/random.ts";
import reference from "../../reference/calibration.json" with { type: "json" };

const { labels, priorDeviation, vector, isotonic } = reference, logits = matrix(reference.logits);

Deno.test("VectorScaling agrees with SciPy's minimum", () => {
  const { factors, offsets } = VectorScaling.fit({ logits, labels }, { priorDeviation });
  factors.forEach((w, k) => assertAlmostEquals(w, vector.factors[k], 1e-6));
  offsets.forEach((b, k) => assertAlmostEquals(b, vector.offsets[k], 1e-6));
});

Deno.test("IsotonicCalibration agrees with scikit-learn's isotonic regression", () => {
  const p = IsotonicCalibration.fit({ logits, labels }).calibrate(matrix(isotonic.logits));
  p.data.forEach((it, k) => assertAlmostEquals(it, isotonic.probabilities.flat()[k], 1e-12));
});

/** Labels drawn from the softmax of logits. */
function drawn(points: number, classes: number, seed: number) {
  const random = seeded(seed);
  const logits: Matrix = {
    rows: points,
    columns: classes,
    data: normals(random, points * classes, { deviation: 2 }),
  };
  const p = uncalibrated.calibrate(logits);
  const labels = Array.from({ length: points }, (_, n) => {
    let left = random();
    const label = row(p, n).findIndex((it) => (left -= it) < 0);
    return label < 0 ? classes - 1 : label;
  });
  return { logits, labels };
}

Deno.test("every calibration lowers the loss of new points by about what was wrong, and keeps distributions", () => {
  const spoilt = ({ logits, labels }: ReturnType<typeof drawn>) => ({
    logits: { ...logits, data: logits.data.map((z, k) => 3 * z + (k % 4 === 0 ? 2 : 0)) },
    labels,
  });
  const validation = spoilt(drawn(3000, 4, 1)), test = spoilt(drawn(3000, 4, 2));
  const honest = negativeLogLikelihood(
    uncalibrated.calibrate(drawn(3000, 4, 2).logits),
    test.labels,
  );
  const loss = (calibrator: Calibrator) =>
    negativeLogLikelihood(calibrator.calibrate(test.logits), test.labels);
  const before = loss(uncalibrated), byVector = loss(VectorScaling.fit(validation));
  assertAlmostEquals(byVector, honest, 0.01); // its own family: only the fit's 8 numbers are lost
  for (const calibration of [TemperatureScaling, IsotonicCalibration]) {
    const after = loss(calibration.fit(validation));
    assert(after < before && after > byVector - 0.01, `${calibration.name}: ${after}`);
  }
});

Deno.test("calibrations refuse what they cannot be fitted to or cannot read", () => {
  for (const calibration of [TemperatureScaling, VectorScaling, IsotonicCalibration]) {
    const fit = (logits: Matrix, labels: unknown) =>
      calibration.fit({ logits, labels: labels as number[] });
    assertThrows(() => fit(matrix([]), []), RangeError, "at least one point");
    assertThrows(() => fit(logits, labels.map(String)), TypeError, "labels are numbers");
    assertThrows(() => fit(logits, labels.map((y) => y + 1)), RangeError, "from 0 to 2");
    const broken = { ...logits, data: logits.data.map((z, k) => k === 4 ? NaN : z) };
    assertThrows(() => fit(broken, labels), RangeError, "logits of image 1");
  }
  const scaling = VectorScaling.fit({ logits, labels });
  assertThrows(() => scaling.calibrate(matrix([[1, 2]])), RangeError, "of 3 classes");
  assertThrows(
    () => VectorScaling.fit({ logits, labels }, { deviation: 1 } as object),
    TypeError,
    "no option",
  );
});
