/**
 * TF_Tensor: a copy of values in TensorFlow's memory, and back.
 *
 * @module
 */
import { int64s } from "../native/memory.ts";
import { DataType, type TensorFlowLibrary } from "./c_api.ts";

const BYTES_OF_STRING = 24; // sizeof(TF_TString)
const nothing = new Uint8Array(1);

/** The values of a tensor as tfjs hands them over: a typed array, or the bytes of each string. */
export type Values = ArrayBufferView | Uint8Array[];

/** Thrown where tfjs asks for what this engine leaves out. */
export class NotInThisEngineError extends Error {
  override name = "NotInThisEngineError";
}

/** Bytes of an element, and the arrays that hold such elements, by TensorFlow's type. */
const elements: Record<number, { bytes: number; arrays: string[] }> = {
  [DataType.FLOAT]: { bytes: 4, arrays: ["Float32Array"] },
  [DataType.INT32]: { bytes: 4, arrays: ["Int32Array"] },
  [DataType.BOOL]: { bytes: 1, arrays: ["Uint8Array"] },
  [DataType.UINT8]: { bytes: 1, arrays: ["Uint8Array"] },
  [DataType.COMPLEX64]: { bytes: 8, arrays: ["Float32Array"] },
  [DataType.INT64]: { bytes: 8, arrays: ["BigInt64Array", "Int32Array"] },
};
/** What TensorFlow counts in; it ends the process where a shape has more of either. */
const MOST_DIMENSIONS = 254, MOST_ENTRIES = Number.MAX_SAFE_INTEGER;

/** What a tensor is made of. */
export interface Contents {
  shape: readonly number[];
  dtype: number;
  values: Values;
}

/**
 * Refuses what is no tensor, as TensorFlow would read past its values' end or end the process.
 *
 * @throws {RangeError} where the shape is none, or the values are not as many as it promises.
 * @throws {TypeError} where they are of another type than the tensor's.
 */
export function checkContents({ shape, dtype, values }: Contents): void {
  let entries = 1, nonZero = 1;
  for (const size of shape) {
    if (!(Number.isSafeInteger(size) && size >= 0)) entries = NaN;
    entries *= size;
    if (size !== 0) nonZero *= size;
  }
  if (Number.isNaN(entries) || nonZero > MOST_ENTRIES || shape.length > MOST_DIMENSIONS) {
    throw new RangeError(
      `A shape has at most ${MOST_DIMENSIONS} sizes, whole numbers from 0 whose product is at most 2^53, got ` +
        (shape.length > MOST_DIMENSIONS ? `${shape.length} sizes` : `[${shape}]`),
    );
  }
  if (dtype === DataType.STRING) {
    const texts = values as Uint8Array[];
    let given = Array.isArray(texts) ? texts.length : NaN;
    for (let i = 0; i < given; i++) if (!(texts[i] instanceof Uint8Array)) given = NaN;
    if (given === entries) return;
    throw new TypeError(
      `A tensor of strings of shape [${shape}] is made of ${entries} of them, each as UTF-8 bytes in a Uint8Array`,
    );
  }
  const element = elements[dtype];
  if (element === undefined) {
    throw new TypeError(`A tensor of TensorFlow's element type ${dtype} cannot be made of values`);
  }
  const kind = ArrayBuffer.isView(values) ? values[Symbol.toStringTag as never] as string : "array";
  if (!element.arrays.includes(kind)) {
    throw new TypeError(
      `The values of this tensor of shape [${shape}] are given in ${
        element.arrays.map((name) => `a ${name}`).join(" or ")
      }, got ${kind === "array" ? "an" : "a"} ${kind}`,
    );
  }
  const bytes = (values as ArrayBufferView).byteLength;
  if (bytes !== entries * element.bytes) {
    throw new RangeError(
      `A tensor of shape [${shape}] holds ${
        entries * element.bytes
      } bytes, and its values are ${bytes}: ` +
        "give as many values as the shape has entries, and keep their memory until the tensor is first used",
    );
  }
}

/** A TF_Tensor that holds a copy of `values`, which {@linkcode checkContents} has seen. */
export function newTensor(
  { c }: TensorFlowLibrary,
  { shape, dtype, values }: Contents,
): bigint {
  const size = Array.isArray(values) ? values.length * BYTES_OF_STRING : values.byteLength;
  const tensor = c.TF_AllocateTensor(dtype, int64s(shape), shape.length, BigInt(size));
  if (size === 0) return tensor;
  const data = c.TF_TensorData(tensor);
  if (data === 0n) throw new RangeError(`There is no memory for a tensor of shape [${shape}]`);
  if (Array.isArray(values)) {
    values.forEach((bytes, i) => {
      c.TF_StringInit(elementAt(data, i));
      const copy = new Uint8Array(bytes);
      c.TF_StringCopy(elementAt(data, i), copy.length === 0 ? nothing : copy, BigInt(copy.length));
    });
  } else {
    const source = new Uint8Array(values.buffer, values.byteOffset, size);
    const target = Deno.UnsafePointerView.getArrayBuffer(Deno.UnsafePointer.create(data)!, size);
    new Uint8Array(target).set(source);
  }
  return tensor;
}

const elementAt = (data: bigint, i: number) => data + BigInt(i * BYTES_OF_STRING);

/** Frees a TF_Tensor that {@linkcode newTensor} made, and the buffers of its strings, which TensorFlow would leave. */
export function deleteTensor(
  { c }: TensorFlowLibrary,
  tensor: bigint,
  { values }: Contents,
): void {
  if (Array.isArray(values)) {
    const data = c.TF_TensorData(tensor);
    values.forEach((_, i) => c.TF_StringDealloc(elementAt(data, i)));
  }
  c.TF_DeleteTensor(tensor);
}

/** A copy of a TF_Tensor's values, as tfjs wants them. */
export function readTensor(
  { c }: TensorFlowLibrary,
  { tensor, dtype }: { tensor: bigint; dtype: number },
): Values {
  const size = Number(c.TF_TensorByteSize(tensor));
  const data = c.TF_TensorData(tensor);
  if (dtype === DataType.STRING) {
    return Array.from({ length: size / BYTES_OF_STRING }, (_, i) => {
      const element = elementAt(data, i);
      const bytes = new Uint8Array(Number(c.TF_StringGetSize(element)));
      if (bytes.length > 0) {
        Deno.UnsafePointerView.copyInto(c.TF_StringGetDataPointer(element)!, bytes);
      }
      return bytes;
    });
  }
  const bytes = new Uint8Array(size);
  if (size > 0) Deno.UnsafePointerView.copyInto(Deno.UnsafePointer.create(data)!, bytes);
  switch (dtype) {
    case DataType.FLOAT:
    case DataType.COMPLEX64:
      return new Float32Array(bytes.buffer);
    case DataType.BFLOAT16:
      // bfloat16 is the upper half of float32.
      return new Float32Array(
        Uint32Array.from(new Uint16Array(bytes.buffer), (half) => half << 16).buffer,
      );
    case DataType.DOUBLE:
      return new Float64Array(bytes.buffer);
    case DataType.INT32:
      return new Int32Array(bytes.buffer);
    case DataType.UINT8: // tfjs has no uint8: it calls such a tensor int32.
      return Int32Array.from(bytes);
    case DataType.INT64:
      return new BigInt64Array(bytes.buffer);
    case DataType.BOOL:
    case DataType.RESOURCE:
      return bytes;
    default:
      throw new NotInThisEngineError(`tfjs has no element type for TensorFlow's type ${dtype}`);
  }
}
