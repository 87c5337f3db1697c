import { assertAlmostEquals, assertThrows } from "@std/assert";
import { matrix } from "../../lib/linear_algebra/mod.ts";
import { featureStatistics } from "../../lib/metrics/feature_statistics.ts";
import { ledoitWolfShare, shrunk } from "../../lib/metrics/shrinkage.ts";
import reference from "../reference/ledoit_wolf.json" with { type: "json" };

Deno.test("ledoitWolfShare() and shrunk() agree with scikit-learn", () => {
  for (const { features: rows, labels, share, covariance } of reference.cases) {
    const features = matrix(rows), statistics = featureStatistics(features, labels);
    const ours = ledoitWolfShare({ features, labels }, statistics);
    assertAlmostEquals(ours, share, 1e-12);
    shrunk(statistics.withinClassCovariance, ours).data
      .forEach((entry, k) => assertAlmostEquals(entry, covariance.flat()[k], 1e-10));
  }
});

Deno.test("shrunk() refuses a share outside [0, 1]", () => {
  assertThrows(() => shrunk(matrix([[1]]), 1.5), RangeError, "[0, 1], got 1.5");
});
