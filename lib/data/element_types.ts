/**
 * The types of numbers in files, by the names that safetensors gives them, and their bytes as typed arrays.
 *
 * @module
 */

/** The typed array of each element type. */
export const ELEMENT_TYPES = {
  F64: Float64Array,
  I64: BigInt64Array,
  U64: BigUint64Array,
  F32: Float32Array,
  I32: Int32Array,
  U32: Uint32Array,
  F16: Float16Array,
  I16: Int16Array,
  U16: Uint16Array,
  I8: Int8Array,
  U8: Uint8Array,
} as const satisfies Record<ElementType, unknown>;

/** The name of an element type. */
export type ElementType =
  | "F64"
  | "I64"
  | "U64"
  | "F32"
  | "I32"
  | "U32"
  | "F16"
  | "I16"
  | "U16"
  | "I8"
  | "U8";

/** A typed array of any element type. */
export type NumericArray =
  | Float64Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Float16Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

/** The element type of a typed array; none where it is no typed array of these. */
export function elementTypeOf(values: NumericArray): ElementType | undefined {
  const types = Object.keys(ELEMENT_TYPES) as ElementType[];
  return types.find((type) => values instanceof ELEMENT_TYPES[type]);
}

/**
 * The numbers in `bytes`, a whole number of them: a view where their alignment and byte order allow it, otherwise a copy.
 *
 * This machine is little-endian, as is every one that Deno runs on.
 */
export function asArray(
  bytes: Uint8Array,
  type: ElementType,
  { littleEndian = true }: { littleEndian?: boolean } = {},
): NumericArray {
  const array = ELEMENT_TYPES[type], width = array.BYTES_PER_ELEMENT;
  const mustCopy = bytes.byteOffset % width > 0 || !littleEndian && width > 1;
  const { buffer, byteOffset } = mustCopy ? bytes.slice() : bytes;
  if (mustCopy && !littleEndian) {
    for (let at = 0; at < bytes.length; at += width) {
      new Uint8Array(buffer, byteOffset + at, width).reverse();
    }
  }
  return new array(buffer as ArrayBuffer, byteOffset, bytes.length / width);
}

/** `values` as float64; where an integer of 64 bits is not one, `fail` is called with it and its place. */
export function widened(
  values: NumericArray,
  { fail }: { fail: (value: bigint, place: number) => never },
): Float64Array {
  if (values instanceof Float64Array) return values;
  if (!(values instanceof BigInt64Array || values instanceof BigUint64Array)) {
    return new Float64Array(values);
  }
  const result = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    result[i] = Number(values[i]);
    if (!Number.isSafeInteger(result[i])) fail(values[i], i);
  }
  return result;
}

/** The index of the first value that is not finite, or −1. */
export function firstNotFinite(values: Float64Array): number {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return i;
  return -1;
}
