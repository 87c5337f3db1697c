/**
 * What a caller may give by mistake or malice in the place of an argument.
 *
 * @module
 */
import { tf } from "../../lib/tensorflow/mod.ts";

/** A stream of whole numbers below its argument. */
export type Choose = (below: number) => number;

const numbers = [
  ...[0, -0, -1, 1, 1.5, -0.5, 7, 1023, 1024, 1025, 5000, NaN, Infinity, -Infinity, 1e-320, 1e308],
  ...[2 ** 31 - 1, 2 ** 31, -(2 ** 31), 2 ** 32 + 1, 2 ** 40, 2 ** 53, 2 ** 63],
];
const texts = [
  "",
  "same",
  "valid",
  "NHWC",
  "NCHW",
  "float32",
  "int32",
  "string",
  "\0",
  "é".repeat(300),
];
const others = [null, undefined, true, 5n, {}, [], () => 0, Symbol.iterator];
/** Shapes that are few bytes: with a zero, or with ones. */
const shapes = [
  ...[[], [0], [1], [3], [0, 3], [3, 0], [2, 3], [1, 1, 1], [1, 4, 4, 2], [3, 3, 2, 1], [
    0,
    4,
    4,
    0,
  ]],
  ...[[1, 2, 3, 2, 1], [1, 1, 1, 1, 1, 1], new Array(9).fill(1), [2 ** 31, 0], [0, 2 ** 40]],
];

const pick = <T>(choose: Choose, list: readonly T[]): T => list[choose(list.length)];

/** Float values whose memory is gone, shared, short, or not where it seems to be. */
export function array(choose: Choose, length = 4): ArrayBufferView {
  const whole = new Float32Array(length).fill(0.5);
  switch (choose(7)) {
    case 0:
      structuredClone(whole, { transfer: [whole.buffer] });
      return whole;
    case 1: {
      const memory = new ArrayBuffer(4 * length, { maxByteLength: 4 * length + 64 });
      const tracking = new Float32Array(memory);
      memory.resize(choose(2) * 4);
      return tracking;
    }
    case 2:
      return new Float32Array(new SharedArrayBuffer(4 * length));
    case 3:
      return whole.subarray(0, Math.max(0, length - 1));
    case 4:
      return new Float64Array(length);
    case 5:
      return new DataView(whole.buffer);
    default:
      return Object.defineProperty(whole, "byteLength", { value: 1e9 });
  }
}

/** A tensor of an unexpected shape, type or state. */
export function tensor(choose: Choose): unknown {
  const shape = pick(choose, shapes);
  switch (choose(12)) {
    case 0:
      return tf.zeros(shape.map((size) => Math.min(size, 9)), "int32").add(
        pick(choose, [-5, 0, 2 ** 31 - 1]),
      );
    case 1:
      return tf.zeros(shape.map((size) => Math.min(size, 9)), "bool");
    case 2:
      return tf.tensor(["a", "", "\0"], [3], "string");
    case 3:
      return tf.complex(tf.ones([2, 3]), tf.ones([2, 3]));
    case 4: {
      const disposed = tf.ones([2, 2]);
      disposed.dispose();
      return disposed;
    }
    case 5:
      return tf.engine().makeTensor(array(choose) as Float32Array, [2, 2], "float32");
    case 6:
      return tf.engine().makeTensor(
        [1, 2] as never,
        [2],
        pick(choose, ["float32", "int32", "bool", "string"]),
      );
    case 7:
      return tf.tensor(new Float32Array(1), new Array(pick(choose, [7, 9, 254, 255, 300])).fill(1));
    case 8:
      return tf.fill([2, 3], pick(choose, [NaN, Infinity, -1e38]));
    case 9:
      return tf.variable(tf.tensor(array(choose, 1) as Float32Array, [1]));
    default:
      return tf.tensor(new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(0.5), shape);
  }
}

/** Anything. */
export function anything(choose: Choose): unknown {
  switch (choose(6)) {
    case 0:
      return pick(choose, others);
    case 1:
      return pick(choose, texts);
    case 2:
      return array(choose);
    case 3:
      return Array.from({ length: choose(5) }, () => pick(choose, numbers));
    case 4:
      return tensor(choose);
    default:
      return pick(choose, numbers);
  }
}

/** A relative of `value`: of its kind and hostile, or one part of it replaced; at times anything. */
export function mutate(value: unknown, choose: Choose): unknown {
  if (choose(8) === 0) return anything(choose);
  if (value instanceof tf.Tensor) return tensor(choose);
  if (typeof value === "number") return pick(choose, numbers);
  if (typeof value === "string") return pick(choose, texts);
  if (typeof value === "boolean") return !value;
  if (ArrayBuffer.isView(value)) return array(choose, (value as Float32Array).length);
  if (Array.isArray(value)) {
    if (value.length === 0 || choose(4) === 0) {
      return [...value, ...value.slice(0, 1), pick(choose, numbers)].slice(
        choose(value.length + 1),
      );
    }
    const copy = [...value], i = choose(copy.length);
    copy[i] = mutate(copy[i], choose);
    return copy;
  }
  if (typeof value === "object" && value !== null) {
    const keys = Object.keys(value);
    if (keys.length === 0) return anything(choose);
    const key = pick(choose, keys);
    return { ...value, [key]: mutate((value as Record<string, unknown>)[key], choose) };
  }
  return anything(choose);
}
