/**
 * TF_Tensor: a copy of values in TensorFlow's memory, and back.
 *
 * @module
 */
import { DataType, type TensorFlowLibrary, zeroTerminated } from "./c_api.ts";

const BYTES_OF_STRING = 24; // sizeof(TF_TString)
const nothing = new Uint8Array(1);

/** The values of a tensor as tfjs hands them over: a typed array, or the bytes of each string. */
export type Values = ArrayBufferView | Uint8Array[];

/** Thrown where tfjs asks for what this engine leaves out. */
export class NotInThisEngineError extends Error {
  override name = "NotInThisEngineError";
}

/** A TF_Tensor that holds a copy of `values`. */
export function newTensor(
  { c }: TensorFlowLibrary,
  { shape, dtype, values }: { shape: number[]; dtype: number; values: Values },
): bigint {
  const dims = int64s(shape);
  if (Array.isArray(values)) {
    const size = BigInt(values.length * BYTES_OF_STRING);
    const tensor = c.TF_AllocateTensor(dtype, dims, shape.length, size);
    const base = c.TF_TensorData(tensor);
    values.forEach((bytes, i) => {
      const element = Deno.UnsafePointer.offset(base!, i * BYTES_OF_STRING);
      c.TF_StringInit(element);
      const source = bytes.length === 0 ? nothing : new Uint8Array(bytes);
      c.TF_StringCopy(element, source, BigInt(bytes.length));
    });
    return tensor;
  }
  const size = values.byteLength;
  const tensor = c.TF_AllocateTensor(dtype, dims, shape.length, BigInt(size));
  if (size > 0) {
    const source = new Uint8Array(values.buffer, values.byteOffset, size);
    const target = Deno.UnsafePointerView.getArrayBuffer(c.TF_TensorData(tensor)!, size);
    new Uint8Array(target).set(source);
  }
  return tensor;
}

/** Frees a TF_Tensor that {@linkcode newTensor} made, and the buffers of its strings, which TensorFlow would leave. */
export function deleteTensor({ c }: TensorFlowLibrary, tensor: bigint, values: Values): void {
  if (Array.isArray(values)) {
    const base = c.TF_TensorData(tensor);
    values.forEach((_, i) => {
      c.TF_StringDealloc(Deno.UnsafePointer.offset(base!, i * BYTES_OF_STRING));
    });
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
      const element = Deno.UnsafePointer.offset(data!, i * BYTES_OF_STRING);
      const bytes = new Uint8Array(Number(c.TF_StringGetSize(element)));
      if (bytes.length > 0) {
        Deno.UnsafePointerView.copyInto(c.TF_StringGetDataPointer(element)!, bytes);
      }
      return bytes;
    });
  }
  const bytes = new Uint8Array(size);
  if (size > 0) Deno.UnsafePointerView.copyInto(data!, bytes);
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

const strings = new Map<string, Uint8Array<ArrayBuffer>>();

/** A C string, kept: the names of operations and attributes are few. */
export function cached(text: string): Uint8Array<ArrayBuffer> {
  let bytes = strings.get(text);
  if (bytes === undefined) strings.set(text, bytes = zeroTerminated(text));
  return bytes;
}

/** Numbers as int64; never empty, as an empty buffer has no address. */
export function int64s(numbers: readonly number[]): BigInt64Array<ArrayBuffer> {
  const result = new BigInt64Array(Math.max(numbers.length, 1));
  for (let i = 0; i < numbers.length; i++) result[i] = BigInt(numbers[i]);
  return result;
}
