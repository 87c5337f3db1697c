import { assertAlmostEquals, assertThrows } from "@std/assert";
import { matrix } from "../../../lib/linear_algebra/mod.ts";
import { fitGaussianProcessClassifier } from "../../../lib/models/logistic/gaussian_process_classifier.ts";
import { squaredExponential } from "../../../lib/models/regression/kernels.ts";
import { newInputs, reference, twoClasses } from "../../reference/classification.ts";

const { variance, length, log_evidence, probabilities } = reference.two_classes.gaussian_process;
const fitted = fitGaussianProcessClassifier(twoClasses, {
  kernel: squaredExponential({ variance, length }),
});

Deno.test("GaussianProcessClassifier agrees with scikit-learn", () => {
  assertAlmostEquals(fitted.logEvidence, log_evidence, 1e-6);
  const { data } = fitted.predict(newInputs).probabilities;
  probabilities.forEach((p, n) => assertAlmostEquals(data[2 * n + 1], p, 1e-6));
});

Deno.test("GaussianProcessClassifier.predict() is ½ far from the data, in every direction", () => {
  const far = matrix([[100, 0], [-100, 0], [0, 100], [70, -70]]);
  fitted.predict(far).probabilities.data.forEach((p) => assertAlmostEquals(p, 0.5, 1e-12));
});

Deno.test("GaussianProcessClassifier refuses bad priors, data and inputs", () => {
  const fit = (prior: { variance: number; length: number }) =>
    fitGaussianProcessClassifier(twoClasses, { kernel: squaredExponential(prior) });
  assertThrows(() => fit({ variance: 0, length: 1 }), RangeError, "variance");
  assertThrows(() => fit({ variance: 1, length: NaN }), RangeError, "length");
  const one = { ...twoClasses, labels: twoClasses.labels.map(() => 0) };
  assertThrows(
    () => fitGaussianProcessClassifier(one, { kernel: squaredExponential({ variance, length }) }),
    RangeError,
    "two",
  );
  assertThrows(() => fitted.predict(matrix([[1]])), RangeError, "N × 2");
});
