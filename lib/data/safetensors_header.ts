/**
 * The header of a safetensors file, checked as the reference implementation checks it
 * (https://github.com/huggingface/safetensors).
 *
 * Layout of a file: the header's length as a little-endian uint64; the header, a JSON object from each name to
 * `{dtype, shape, data_offsets}` and from `__metadata__` to strings; then the arrays' bytes, little-endian, row by row,
 * without gaps.
 *
 * @module
 */
import { ELEMENT_TYPES, type ElementType } from "./element_types.ts";
import { DataFileError } from "./files.ts";

/** The length of the header's length. */
export const PREFIX = 8;
/** No header is longer, by the reference implementation. */
export const LONGEST_HEADER = 100_000_000;

/** The element types of files that are read: those of typed arrays, bytes of 0 and 1, and bfloat16. */
export type Dtype = ElementType | "BOOL" | "BF16";

/** Where a tensor lies: its bytes are those of the file `from` … `to` − 1. */
export interface TensorEntry {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly from: number;
  readonly to: number;
}

/** What a header says. */
export interface SafetensorsHeader {
  readonly entries: ReadonlyMap<string, TensorEntry>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Bytes of one element. */
export function widthOf(dtype: Dtype): number {
  return dtype === "BOOL" ? 1 : dtype === "BF16" ? 2 : ELEMENT_TYPES[dtype].BYTES_PER_ELEMENT;
}

/**
 * Where the header of a file ends that begins with `prefix` and has `size` bytes; `path` is its name in errors.
 *
 * @throws {DataFileError} where it has no whole header.
 */
export function headerEnd(prefix: Uint8Array, { path, size }: { path: string; size: number }) {
  if (prefix.length < PREFIX) notWhole(path, `it has ${size} bytes`);
  const length = Number(new DataView(prefix.buffer, prefix.byteOffset).getBigUint64(0, true));
  if (length > LONGEST_HEADER || PREFIX + length > size) {
    notWhole(path, `its header should have ${length} bytes, the whole file has ${size}`);
  }
  return PREFIX + length;
}

/**
 * Reads the JSON of a header, of a file of `size` bytes; `path` is its name in errors.
 *
 * @throws {DataFileError} where it is not whole, does not fit the file, or has a tensor of an element type that is not read.
 */
export function parseHeader(
  json: Uint8Array,
  { path, size }: { path: string; size: number },
): SafetensorsHeader {
  const fail = (what: string) => notWhole(path, what);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(json));
  } catch {
    fail("its header is not JSON");
  }
  if (!isRecord(header)) return fail("its header is not a JSON object");
  const { __metadata__, ...tensors } = header, metadata = __metadata__ ?? {};
  if (!isRecord(metadata) || Object.values(metadata).some((it) => typeof it !== "string")) {
    fail("its metadata are not strings");
  }
  const start = PREFIX + json.length;
  const entries = new Map<string, TensorEntry>();
  const ranges: [number, number][] = [];
  for (const [name, entry] of Object.entries(tensors)) {
    if (!isEntry(entry)) return fail(`its entry for ${name} is not {dtype, shape, data_offsets}`);
    const { dtype, shape, data_offsets: [from, to] } = entry;
    if (!isDtype(dtype)) {
      throw new DataFileError(
        `${path} has a tensor ${name} of the type ${dtype}, which is not supported: save it as F32; readable are ` +
          [...Object.keys(ELEMENT_TYPES), "BF16", "BOOL"].join(", "),
      );
    }
    const length = shape.reduce((product, size) => product * size, 1);
    if (to - from !== length * widthOf(dtype) || start + to > size) {
      return fail(`${name}, ${dtype} of shape [${shape}], cannot lie at bytes ${from} to ${to}`);
    }
    ranges.push([from, to]);
    entries.set(name, { dtype, shape, from: start + from, to: start + to });
  }
  let end = 0;
  for (const [from, to] of ranges.sort(([a, b], [c, d]) => a - c || b - d)) {
    if (from !== end) fail(`its tensors leave a gap or overlap at byte ${from}`);
    end = to;
  }
  if (start + end !== size) fail(`its tensors end at byte ${start + end}, the file at ${size}`);
  return { entries, metadata: metadata as Record<string, string> };
}

function notWhole(path: string, what: string): never {
  throw new DataFileError(
    `${path} is not a whole safetensors file: ${what}. Get or make the file again`,
  );
}

function isDtype(dtype: string): dtype is Dtype {
  return dtype === "BOOL" || dtype === "BF16" || Object.hasOwn(ELEMENT_TYPES, dtype);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isEntry(
  value: unknown,
): value is { dtype: string; shape: number[]; data_offsets: [number, number] } {
  const sizes = (it: unknown): it is number[] =>
    Array.isArray(it) && it.every((size) => Number.isSafeInteger(size) && size >= 0);
  return isRecord(value) && typeof value.dtype === "string" && sizes(value.shape) &&
    sizes(value.data_offsets) && value.data_offsets.length === 2;
}
