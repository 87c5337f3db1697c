/**
 * Safetensors files: named arrays behind a JSON header, readable by every framework
 * (https://github.com/huggingface/safetensors).
 *
 * @module
 */
import { shown } from "../checks.ts";
import {
  asArray,
  ELEMENT_TYPES,
  type ElementType,
  elementTypeOf,
  type NumericArray,
  widened,
} from "./element_types.ts";
import { DataFileError, readFile, writeFileAtomically } from "./files.ts";
import {
  type Dtype,
  headerEnd,
  LONGEST_HEADER,
  parseHeader,
  PREFIX,
} from "./safetensors_header.ts";

/** The element types that are written, by their names in the file. */
export type StoredType = ElementType;

/** The values of a stored array, in the typed array of its element type. */
export type StoredValues = NumericArray;

/** An array as stored: row-major `values` of the given `shape`. */
export interface StoredTensor {
  /** The sizes of all dimensions. */
  readonly shape: readonly number[];
  /** The entries, row by row. */
  readonly values: StoredValues;
}

/** What a safetensors file holds. */
export interface Safetensors {
  /** The arrays by their names. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Texts that the file carries beside them. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads a safetensors file. Values are views of the file's bytes where alignment allows; booleans are bytes, and bfloat16 is
 * widened to float32.
 *
 * @throws {DataFileError} where the file cannot be read, is not a whole safetensors file, or has a tensor of another type.
 */
export async function readSafetensors(path: string): Promise<Safetensors> {
  return parseSafetensors(await readFile(path), { name: path });
}

/**
 * Writes a safetensors file, atomically; the element type of each tensor is that of its typed array.
 *
 * @throws {RangeError | TypeError} where a reader would refuse the file: a shape that does not fit its values, two tensors
 * of one name, metadata that are not strings.
 * @throws {DataFileError} where the file cannot be written.
 */
export async function writeSafetensors(
  path: string,
  tensors: Iterable<readonly [string, StoredTensor]>,
  { metadata = {} }: { metadata?: Record<string, string> } = {},
): Promise<void> {
  await writeFileAtomically(path, formatSafetensors(tensors, { metadata }));
}

/**
 * The tensor called `name`, of the shape asked for, if any (−1 stands for any size).
 *
 * @throws {DataFileError} where there is none, or its shape is another.
 */
export function storedTensor(
  { tensors }: Safetensors,
  name: string,
  { shape }: { shape?: readonly number[] } = {},
): StoredTensor {
  const tensor = tensors.get(name);
  if (tensor === undefined) {
    throw new DataFileError(
      `There is no tensor ${JSON.stringify(name)}; there are: ${[...tensors.keys()].join(", ")}`,
    );
  }
  const fits = shape === undefined || shape.length === tensor.shape.length &&
      shape.every((size, i) => size === -1 || size === tensor.shape[i]);
  if (!fits) {
    throw new DataFileError(`Tensor ${name} has shape [${tensor.shape}], needed: [${shape}]`);
  }
  return tensor;
}

/**
 * The values of the tensor called `name` as float64, whatever they are stored as.
 *
 * @throws {DataFileError} where there is none, its shape is another, or an integer is past 2⁵³.
 */
export function storedNumbers(
  file: Safetensors,
  name: string,
  options: { shape?: readonly number[] } = {},
): Float64Array {
  return widened(storedTensor(file, name, options).values, {
    fail(value, place) {
      throw new DataFileError(`Tensor ${name} has ${value} at ${place}: numbers end at 2^53`);
    },
  });
}

/**
 * Reads the bytes of a safetensors file; `name` is the file's name in errors.
 *
 * @example
 * ```ts
 * import { formatSafetensors, parseSafetensors } from "./safetensors.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = formatSafetensors([["mean", { shape: [2], values: new Float32Array([0.5, 2]) }]]);
 * assertEquals(parseSafetensors(bytes).tensors.get("mean")?.shape, [2]);
 * ```
 */
export function parseSafetensors(
  bytes: Uint8Array<ArrayBuffer>,
  { name: path = "the given bytes" }: { name?: string } = {},
): Safetensors {
  const file = { path, size: bytes.length };
  const end = headerEnd(bytes.subarray(0, PREFIX), file);
  const { entries, metadata } = parseHeader(bytes.subarray(PREFIX, end), file);
  const tensors = new Map<string, StoredTensor>();
  for (const [name, { dtype, shape, from, to }] of entries) {
    tensors.set(name, { shape, values: decode(bytes.subarray(from, to), dtype) });
  }
  return { tensors, metadata };
}

/** The numbers in a tensor's bytes. */
export function decode(bytes: Uint8Array, dtype: Dtype): StoredValues {
  if (dtype === "BOOL") return asArray(bytes, "U8");
  if (dtype !== "BF16") return asArray(bytes, dtype);
  // A bfloat16 is the upper half of a float32.
  const halves = asArray(bytes, "U16") as Uint16Array;
  return new Float32Array(Uint32Array.from(halves, (half) => half << 16).buffer);
}

/** The bytes of a safetensors file with these tensors; wider element types come first, so that each is aligned. */
export function formatSafetensors(
  tensors: Iterable<readonly [string, StoredTensor]>,
  { metadata = {} }: { metadata?: Record<string, string> } = {},
): Uint8Array<ArrayBuffer> {
  checkMetadata(metadata);
  const sorted = [...tensors].sort(([, a], [, b]) =>
    b.values.BYTES_PER_ELEMENT - a.values.BYTES_PER_ELEMENT
  );
  const entries = new Map<string, unknown>([["__metadata__", metadata]]);
  let end = 0;
  for (const [name, { shape, values }] of sorted) {
    const dtype = elementTypeOf(values);
    if (dtype === undefined) {
      throw new TypeError(
        `Tensor ${name} is a typed array of ${Object.keys(ELEMENT_TYPES).join(", ")}, got ${
          Object.prototype.toString.call(values)
        }`,
      );
    }
    const length = shape.reduce((product, size) => product * size, 1);
    const sizes = shape.every((size) => Number.isSafeInteger(size) && size >= 0);
    if (!sizes || length !== values.length) {
      throw new RangeError(`Tensor ${name} of shape [${shape}] has ${values.length} values`);
    }
    if (!name.isWellFormed()) throw new RangeError(`A tensor's name is not Unicode text: ${name}`);
    if (entries.has(name)) {
      throw new RangeError(
        name === "__metadata__" ? `No tensor is called ${name}` : `Two tensors are called ${name}`,
      );
    }
    entries.set(name, { dtype, shape, data_offsets: [end, end += values.byteLength] });
  }
  const json = JSON.stringify(Object.fromEntries(entries));
  const padding = -new TextEncoder().encode(json).length & 7;
  const text = new TextEncoder().encode(json + " ".repeat(padding));
  if (text.length > LONGEST_HEADER) {
    throw new RangeError(
      `A safetensors header has at most ${LONGEST_HEADER} bytes, this would have ${text.length}`,
    );
  }
  const bytes = new Uint8Array(PREFIX + text.length + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, PREFIX);
  let at = PREFIX + text.length;
  for (const [, { values }] of sorted) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  return bytes;
}

function checkMetadata(metadata: Record<string, string>): void {
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== "string" || !key.isWellFormed() || !value.isWellFormed()) {
      throw new TypeError(
        `Metadata are strings of Unicode text, and ${JSON.stringify(key)} is ${shown(value)}`,
      );
    }
  }
}
