/**
 * Mixed precision: activations in bfloat16, parameters and statistics in float32.
 *
 * tfjs knows one floating-point type. Here a tensor that tfjs calls float32 has a storage, float32 or bfloat16, and
 * every operation follows it: all float inputs in bfloat16 give a result in bfloat16; where they differ, bfloat16
 * is promoted to float32. Reading a tensor's values always gives float32. So a network trains in mixed precision when
 * its input is stored as bfloat16 and its logits are stored as float32 again, and no layer knows:
 *
 *     const logits = storedAs(network(storedAs(images, storage)), "float32");
 *
 * bfloat16 is float32 without its lower 16 bits: the same range, so losses need no scaling, and 3 significant digits.
 *
 * @module
 */
import { binding, hasBfloat16, idOf, runsOnTensorFlow, tf } from "./device.ts";
import { DataType } from "./c_api.ts";
import { attribute, execute, register } from "./register.ts";

/** How the elements of a floating-point tensor are stored. */
export type Storage = "float32" | "bfloat16";

/** The storage of `x`. */
export function storageOf(x: tf.Tensor): Storage {
  return runsOnTensorFlow() && binding!.isBfloat16(idOf(x)) ? "bfloat16" : "float32";
}

/**
 * `x` in `storage`, itself where it is stored so already; its gradient is stored as `x` is.
 * Without TensorFlow's library there is only float32, and `x` comes back as it is.
 */
export function storedAs<T extends tf.Tensor>(x: T, storage: Storage): T {
  if (!runsOnTensorFlow() || storageOf(x) === storage) return x;
  return cast({ x }, { storage })[0] as T;
}

const dataType = { float32: DataType.FLOAT, bfloat16: DataType.BFLOAT16 };
const other = { float32: "bfloat16", bfloat16: "float32" } as const;

const cast = register<{ storage: Storage }>("StoredAs", {
  run: ({ x }, { storage }) =>
    execute("Cast", {
      attributes: [
        attribute.type("SrcT", dataType[other[storage]]),
        attribute.type("DstT", dataType[storage]),
      ],
      inputs: [x],
    }),
  gradient: ([dy], _saved, { storage }) => ({ x: () => storedAs(dy, other[storage]) }),
});

/**
 * The storage in which this machine trains faster, measured: the three convolutions of a residual block's layer
 * (forward and both gradients) in either, best of three. Takes a fraction of a second.
 */
export function measureFasterStorage(): Storage {
  if (!runsOnTensorFlow() || !hasBfloat16()) return "float32";
  const milliseconds = (storage: Storage) =>
    tf.tidy(() => {
      const x = storedAs(tf.fill([32, 16, 16, 64], 0.5) as tf.Tensor4D, storage);
      const w = storedAs(tf.fill([3, 3, 64, 64], 0.5) as tf.Tensor4D, storage);
      const gradients = tf.grads((x: tf.Tensor, w: tf.Tensor) =>
        tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, "same")
      );
      const rounds = Array.from({ length: 4 }, () => {
        const start = performance.now();
        tf.dispose(gradients([x, w]));
        return performance.now() - start;
      });
      return Math.min(...rounds.slice(1));
    });
  return milliseconds("bfloat16") < milliseconds("float32") ? "bfloat16" : "float32";
}
