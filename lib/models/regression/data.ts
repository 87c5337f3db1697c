/**
 * The inputs and targets that regression is fitted to.
 *
 * @module
 */
import { checkNumbers, shown } from "../../checks.ts";

/** Inputs x_1, …, x_N and their targets y_1, …, y_N. */
export interface RegressionData<Input = number> {
  /** The inputs. */
  readonly x: ArrayLike<Input>;
  /** The targets. */
  readonly y: ArrayLike<number>;
}

/**
 * `data`, its targets as float64, once there is a finite target for each input; what the inputs are is the basis's
 * business.
 *
 * @throws {TypeError} where x or y is no array, or y holds what is not a number.
 * @throws {RangeError} where the lengths differ or a target is not finite.
 */
export function checkRegressionData<Input>(
  data: RegressionData<Input>,
): { x: ArrayLike<Input>; y: Float64Array } {
  if (typeof data !== "object" || data === null) {
    throw new TypeError(`The data are { x, y }, inputs and targets, got ${shown(data)}`);
  }
  const { x, y } = data;
  if (typeof x !== "object" || x === null || !Number.isSafeInteger(x.length)) {
    throw new TypeError(`x is an array of inputs, got ${shown(x)}`);
  }
  checkNumbers("y", y);
  if (x.length !== y.length) {
    throw new RangeError(`x and y belong together: got ${x.length} inputs and ${y.length} targets`);
  }
  return { x, y: Float64Array.from(y) };
}
