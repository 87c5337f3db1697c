/**
 * Probabilistic models, each fitted by one call from data and options into a value that never changes.
 *
 * ```ts
 * import { fitLaplaceApproximation, fitLogisticRegression } from "./mod.ts";
 * import { blobs } from "../data/blobs.ts";
 * import { seeded } from "../random.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const data = blobs(seeded(1)), priorDeviation = 1;
 * const model = fitLogisticRegression(data, { priorDeviation });
 * const laplace = fitLaplaceApproximation(data, { model, priorDeviation });
 * assertEquals(laplace.predict(data.X, { method: "probit" }).probabilities.columns, 2);
 * ```
 *
 * @module
 */
// What classifiers share: prior, likelihood, Laplace's approximation, predictions
export * from "./inference/mod.ts";
// Regression with an exact posterior
export * from "./regression/mod.ts";
// Multilayer perceptrons
export * from "./perceptron/mod.ts";
// Logistic regression
export * from "./logistic/mod.ts";
// Draws from a posterior
export * from "./sampling/mod.ts";
