/**
 * Safetensors files: named arrays behind a JSON header, readable by every framework
 * (https://github.com/huggingface/safetensors).
 *
 * Layout: the header's length as a little-endian uint64; the header, a JSON object from each name to
 * `{dtype, shape, data_offsets}` and from `__metadata__` to strings; then the arrays' bytes, little-endian, row by
 * row, without gaps.
 *
 * @module
 */
import { DataFileError, readFile, writeFileAtomically } from "./files.ts";

const ARRAYS = {
  F64: Float64Array,
  I64: BigInt64Array,
  F32: Float32Array,
  I32: Int32Array,
  F16: Float16Array,
  U8: Uint8Array,
} as const;

/** The element types that are read and written, by their names in the file. */
export type StoredType = keyof typeof ARRAYS;

/** The values of a stored array, in the typed array of its element type. */
export type StoredValues =
  | Float64Array
  | BigInt64Array
  | Float32Array
  | Int32Array
  | Float16Array
  | Uint8Array;

/** An array as stored: row-major `values` of the given `shape`. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly values: StoredValues;
}

/** What a safetensors file holds. */
export interface Safetensors {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads a safetensors file. Values are views of the file's bytes where alignment allows.
 *
 * @throws {DataFileError} where the file cannot be read or is not a whole safetensors file.
 */
export async function readSafetensors(path: string): Promise<Safetensors> {
  return parseSafetensors(await readFile(path), { name: path });
}

/**
 * Writes a safetensors file, atomically; the element type of each tensor is that of its typed array.
 *
 * @throws {RangeError} where a shape does not fit its values.
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
  { name: file = "the given bytes" }: { name?: string } = {},
): Safetensors {
  const fail = (what: string): never => {
    throw new DataFileError(
      `${file} is not a whole safetensors file: ${what}. Get or make the file again`,
    );
  };
  if (bytes.length < 8) fail(`it has ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = Number(view.getBigUint64(0, true));
  const start = 8 + headerLength;
  if (start > bytes.length) {
    fail(`its header should have ${headerLength} bytes, the whole file has ${bytes.length}`);
  }
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, start)));
  } catch {
    fail("its header is not JSON");
  }
  if (!isRecord(header)) return fail("its header is not a JSON object");
  const { __metadata__: metadata = {}, ...entries } = header;
  if (!isRecord(metadata) || Object.values(metadata).some((it) => typeof it !== "string")) {
    fail("its metadata are not strings");
  }
  const tensors = new Map<string, StoredTensor>();
  const ranges: [number, number][] = [];
  for (const [name, entry] of Object.entries(entries)) {
    if (!isEntry(entry)) return fail(`its entry for ${name} is not {dtype, shape, data_offsets}`);
    const { dtype, shape, data_offsets: [from, to] } = entry;
    if (!Object.hasOwn(ARRAYS, dtype)) {
      return fail(`${name} has the type ${dtype}, readable are ${Object.keys(ARRAYS).join(", ")}`);
    }
    const array = ARRAYS[dtype as StoredType];
    const length = shape.reduce((product, size) => product * size, 1);
    if (to - from !== length * array.BYTES_PER_ELEMENT || start + to > bytes.length) {
      return fail(`${name}, ${dtype} of shape [${shape}], cannot lie at bytes ${from} to ${to}`);
    }
    ranges.push([from, to]);
    const offset = bytes.byteOffset + start + from;
    const buffer = offset % array.BYTES_PER_ELEMENT === 0
      ? bytes.buffer
      : bytes.buffer.slice(offset, offset + to - from);
    tensors.set(name, {
      shape,
      values: new array(buffer, buffer === bytes.buffer ? offset : 0, length),
    });
  }
  let end = 0;
  for (const [from, to] of ranges.sort(([a, b], [c, d]) => a - c || b - d)) {
    if (from !== end) fail(`its tensors leave a gap or overlap at byte ${from}`);
    end = to;
  }
  if (start + end !== bytes.length) {
    fail(`its tensors end at byte ${start + end}, the file at ${bytes.length}`);
  }
  return { tensors, metadata: metadata as Record<string, string> };
}

/** The bytes of a safetensors file with these tensors; wider element types come first, so that each is aligned. */
export function formatSafetensors(
  tensors: Iterable<readonly [string, StoredTensor]>,
  { metadata = {} }: { metadata?: Record<string, string> } = {},
): Uint8Array<ArrayBuffer> {
  const sorted = [...tensors].sort(([, a], [, b]) =>
    b.values.BYTES_PER_ELEMENT - a.values.BYTES_PER_ELEMENT
  );
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const [name, { shape, values }] of sorted) {
    const dtype = typeOf(values);
    const length = shape.reduce((product, size) => product * size, 1);
    if (length !== values.length) {
      throw new RangeError(`Tensor ${name} of shape [${shape}] has ${values.length} values`);
    }
    if (Object.hasOwn(header, name)) throw new RangeError(`Two tensors are called ${name}`);
    header[name] = { dtype, shape, data_offsets: [end, end += values.byteLength] };
  }
  const json = JSON.stringify(header);
  const padding = -new TextEncoder().encode(json).length & 7;
  const text = new TextEncoder().encode(json + " ".repeat(padding));
  const bytes = new Uint8Array(8 + text.length + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  let at = 8 + text.length;
  for (const [, { values }] of sorted) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  return bytes;
}

function typeOf(values: StoredValues): StoredType {
  for (const [dtype, array] of Object.entries(ARRAYS)) {
    if (values instanceof array) return dtype as StoredType;
  }
  throw new TypeError(
    `A stored tensor has the type ${Object.keys(ARRAYS).join(", ")}, got ${
      Object.prototype.toString.call(values)
    }`,
  );
}

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isEntry(value: unknown): value is Entry {
  const sizes = (it: unknown): it is number[] =>
    Array.isArray(it) && it.every((size) => Number.isSafeInteger(size) && size >= 0);
  return isRecord(value) && typeof value.dtype === "string" && sizes(value.shape) &&
    sizes(value.data_offsets) && value.data_offsets.length === 2;
}
