/** The values of classification.json, typed. */
import type { Labelled } from "../../lib/data/labelled.ts";
import { matrix } from "../../lib/linear_algebra/mod.ts";
import reference from "./classification.json" with { type: "json" };

export { reference };

/** A set of points as the tests use it. */
export const labelled = ({ X, labels }: { X: number[][]; labels: number[] }): Labelled => ({
  X: matrix(X),
  labels: Int32Array.from(labels),
});
export const twoClasses = labelled(reference.two_classes);
export const threeClasses = labelled(reference.three_classes);
export const newInputs = matrix(reference.new);
