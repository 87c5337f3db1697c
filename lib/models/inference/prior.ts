/**
 * The prior N(0, σ² I) over the parameters of a model.
 *
 * @module
 */

/**
 * The standard deviation `sigma` of a Gaussian prior, once it is sure to be one.
 *
 * @throws {RangeError} where it is not positive and finite.
 */
export function checkPriorDeviation(sigma: number): number {
  if (!(sigma > 0) || !Number.isFinite(sigma)) {
    throw new RangeError(
      `The prior N(0, σ²) needs a positive, finite σ, got ${sigma}: ` +
        "without a prior, separable data have no mode",
    );
  }
  return sigma;
}
