/** What the engine's tests share: gradients against finite differences, and tfjs's cpu backend for a moment. */
import { assertAlmostEquals } from "@std/assert";
import { tf } from "../../lib/tensorflow/mod.ts";

export interface Input {
  values: Float64Array;
  shape: number[];
}

/**
 * Asserts that a function of tensors has the value of a float64 `reference`, and the gradients of its central
 * differences, up to float32's rounding, on this engine and on tfjs's cpu backend.
 */
export async function assertGradients(
  compute: (...inputs: tf.Tensor[]) => tf.Tensor,
  reference: (inputs: Float64Array[]) => number,
  inputs: Input[],
): Promise<void> {
  assertGradientsHere(compute, reference, inputs);
  await onCpu(() => assertGradientsHere(compute, reference, inputs));
}

function assertGradientsHere(
  compute: (...inputs: tf.Tensor[]) => tf.Tensor,
  reference: (inputs: Float64Array[]) => number,
  inputs: Input[],
): void {
  const tolerance = 1e-5;
  // The reference is evaluated where float32 can be.
  const points = inputs.map(({ values }) => Float64Array.from(Float32Array.from(values)));
  tf.tidy(() => {
    const tensors = points.map((values, k) =>
      tf.tensor(Float32Array.from(values), inputs[k].shape)
    );
    const { value, grads } = tf.valueAndGrads(compute as (...inputs: tf.Tensor[]) => tf.Scalar)(
      tensors,
    );
    const scale = Math.sqrt(points[0].length);
    assertAlmostEquals(value.dataSync()[0], reference(points), tolerance * scale);
    const step = 1e-5;
    grads.forEach((gradient, k) =>
      gradient.dataSync().forEach((derivative, i) => {
        const at = (shift: number) =>
          reference(
            points.map((values, j) => j === k ? values.with(i, values[i] + shift) : values),
          );
        const difference = (at(step) - at(-step)) / (2 * step);
        assertAlmostEquals(derivative, difference, tolerance * scale);
      })
    );
  });
}

/** The result of `run` on tfjs's cpu backend. */
export async function onCpu<T>(run: () => T): Promise<T> {
  const before = tf.getBackend();
  await tf.setBackend("cpu");
  try {
    return run();
  } finally {
    await tf.setBackend(before);
  }
}
