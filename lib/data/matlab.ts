/**
 * Numeric arrays from MATLAB's level-5 files, as MATLAB (`-v6`, `-v7`), SciPy and Octave write them.
 *
 * A file is a header of 128 bytes, which ends in the version 0x0100 and the byte order ("IM" is little-endian, "MI" big), and
 * then elements. An element is a type and a number of bytes, both uint32, and as many bytes; a small one, of up to 4 bytes,
 * keeps its size in the upper half of the type. Type 15 holds another element compressed by zlib. Type 14 is an array:
 * elements for its class, its sizes, its name and its values in column-major order, each padded to a multiple of 8 bytes.
 * Values may be stored in a smaller type than their class.
 *
 * Source: MathWorks, "MAT-File Format" (level 5).
 *
 * @module
 */
import { inflateSync } from "node:zlib";
import { DataFileError } from "./files.ts";
import { asArray, ELEMENT_TYPES, type ElementType, type NumericArray } from "./element_types.ts";

/** A numeric array of a file: `values` in column-major order, of the type of its class. */
export interface MatlabArray {
  readonly shape: readonly number[];
  readonly values: NumericArray;
}

/** What a file holds. */
export interface MatlabFile {
  readonly arrays: ReadonlyMap<string, MatlabArray>;
  /** What is not a real numeric array, by name: "a struct", "complex numbers". */
  readonly others: ReadonlyMap<string, string>;
}

const HEADER = 128;
const MATRIX = 14, COMPRESSED = 15;
const STORED: Partial<Record<number, ElementType>> = {
  1: "I8",
  2: "U8",
  3: "I16",
  4: "U16",
  5: "I32",
  6: "U32",
  7: "F32",
  9: "F64",
  12: "I64",
  13: "U64",
};
const INT32 = 5, UINT32 = 6, NAME_TYPES = [1, 2, 16];
const CLASSES: Partial<Record<number, ElementType>> = {
  6: "F64",
  7: "F32",
  8: "I8",
  9: "U8",
  10: "I16",
  11: "U16",
  12: "I32",
  13: "U32",
  14: "I64",
  15: "U64",
};
const OTHERS: Partial<Record<number, string>> = {
  1: "a cell array",
  2: "a struct",
  3: "an object",
  4: "text",
  5: "a sparse matrix",
  16: "a function",
  17: "an object, such as a string or a table",
};
const OPAQUE = 17, COMPLEX = 0x800;

/** Compressed elements hold at most so many bytes together: 64 MiB, or 100 times the file's size where that is more. */
const most = (size: number) => Math.max(2 ** 26, 100 * size);

/**
 * The arrays in the bytes of a file; `path` is its name in errors.
 *
 * @throws {DataFileError} where the bytes are not a whole MATLAB file of level 5.
 */
export function parseMatlab(
  bytes: Uint8Array,
  { path = "the given bytes" }: { path?: string } = {},
): MatlabFile {
  const fail: Fail = (what) => {
    throw new DataFileError(
      `${path} is not a whole MATLAB file of level 5: ${what}; get it again with "deno task data"`,
    );
  };
  if (bytes.length < HEADER) fail(`it has ${bytes.length} bytes, the header alone has ${HEADER}`);
  const order = String.fromCharCode(bytes[126], bytes[127]);
  const reader: Reader = { fail, littleEndian: order === "IM" };
  const version = new DataView(bytes.buffer, bytes.byteOffset).getUint16(124, order === "IM");
  if (!["IM", "MI"].includes(order) || version !== 0x0100) {
    fail(
      ["IM", "MI"].includes(order) && version === 0x0200
        ? `it is of version 7.3, which is HDF5: save it as version 7 (save -v7)`
        : "its header does not end in version 1 and IM or MI",
    );
  }
  const arrays = new Map<string, MatlabArray>(), others = new Map<string, string>();
  let left = most(bytes.length);
  for (const element of elements(bytes.subarray(HEADER), reader)) {
    let matrix: Element | undefined = element;
    if (element.type === COMPRESSED) {
      const inflated = inflate(element.data, { most: left, fail });
      left -= inflated.length;
      [matrix] = elements(inflated, reader);
    }
    if (matrix?.type !== MATRIX || matrix.data.length === 0) continue;
    const [name, content] = parseArray(matrix.data, reader);
    if (typeof content === "string") others.set(name, content);
    else arrays.set(name, content);
  }
  return { arrays, others };
}

type Fail = (what: string) => never;

interface Reader {
  readonly fail: Fail;
  readonly littleEndian: boolean;
}

interface Element {
  type: number;
  data: Uint8Array;
}

function* elements(bytes: Uint8Array, { fail, littleEndian }: Reader): Generator<Element, void> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length;) {
    if (at + 8 > bytes.length) fail(`it ends within the tag of an element`);
    const tag = view.getUint32(at, littleEndian), small = tag >>> 16;
    const type = small > 0 ? tag & 0xffff : tag;
    const size = small > 0 ? small : view.getUint32(at + 4, littleEndian);
    const start = at + (small > 0 ? 4 : 8);
    if (small > 4 || start + size > bytes.length) {
      fail(`an element of ${size} bytes does not fit into what is left`);
    }
    yield { type, data: bytes.subarray(start, start + size) };
    at = small > 0 ? at + 8 : start + size;
    if (type !== COMPRESSED) at = Math.ceil(at / 8) * 8;
  }
}

/** The name of an array and the array, or what it is instead. */
function parseArray(bytes: Uint8Array, reader: Reader): [string, MatlabArray | string] {
  const { fail, littleEndian } = reader;
  const parts = elements(bytes, reader);
  const next = () => parts.next().value as Element | undefined;
  const flags = next();
  if (flags?.type !== UINT32 || flags.data.length !== 8) fail("an array does not begin with flags");
  const [flag] = asArray(flags!.data, "U32", { littleEndian }) as Uint32Array;
  const kind = flag & 0xff, type = CLASSES[kind];
  const sizes = kind === OPAQUE ? undefined : next();
  const nameElement = next();
  if (nameElement === undefined || !NAME_TYPES.includes(nameElement.type)) {
    return fail("an array has no name");
  }
  const name = new TextDecoder().decode(nameElement.data);
  if (type === undefined) {
    return [name, OTHERS[kind] ?? fail(`${name} is of the unknown class ${kind}`)];
  }
  if (sizes === undefined || ![INT32, UINT32].includes(sizes.type) || sizes.data.length % 4 > 0) {
    return fail(`${name} has no sizes`);
  }
  const shape = [...asArray(sizes.data, "I32", { littleEndian }) as Int32Array];
  if (shape.length < 2 || shape.some((size) => size < 0)) {
    fail(`${name} has the sizes ${shape.join(" × ")}`);
  }
  if (flag & COMPLEX) return [name, "complex numbers"];
  const values = next();
  const stored = STORED[values?.type ?? 0] ?? fail(`${name} has no values`);
  const count = shape.reduce((product, size) => product * size, 1);
  if (values!.data.length !== count * ELEMENT_TYPES[stored].BYTES_PER_ELEMENT) {
    fail(`${name}, ${shape.join(" × ")} values, has ${values!.data.length} bytes of ${stored}`);
  }
  if ((type === "I64" || type === "U64") && (stored === "F32" || stored === "F64")) {
    fail(`${name}, of integers of 64 bits, is stored as ${stored}`);
  }
  const array = asArray(values!.data, stored, { littleEndian });
  return [name, { shape, values: stored === type ? array : converted(array, type) }];
}

function converted(values: NumericArray, type: ElementType): NumericArray {
  const big = type === "I64" || type === "U64";
  const array = new ELEMENT_TYPES[type](values.length) as NumericArray;
  for (let i = 0; i < values.length; i++) {
    array[i] = big ? BigInt(values[i]) : Number(values[i]);
  }
  return array;
}

function inflate(bytes: Uint8Array, { most, fail }: { most: number; fail: Fail }): Uint8Array {
  try {
    return new Uint8Array(inflateSync(bytes, { maxOutputLength: Math.max(most, 1) }));
  } catch (error) {
    return fail(
      (error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE"
        ? "its compressed elements hold far more than a file of its size should"
        : `a compressed element is damaged (${(error as Error).message})`,
    );
  }
}
