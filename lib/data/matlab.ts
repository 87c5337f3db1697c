/**
 * Numeric arrays from MATLAB's level-5 files, as much of the format as image data sets use.
 *
 * A file is a header of 128 bytes, which ends in the version 0x0100 and the bytes "IM" (little-endian), and then elements.
 * An element is a type and a number of bytes, both uint32, and as many bytes; a small one, of up to 4 bytes, keeps its size
 * in the upper half of the type. Type 15 holds another element compressed by zlib. Type 14 is an array: elements for its
 * class, its sizes, its name and its values in column-major order, each padded to a multiple of 8 bytes.
 *
 * Source: MathWorks, "MAT-File Format" (level 5).
 *
 * @module
 */
import { inflateSync } from "node:zlib";
import { DataFileError } from "./files.ts";

/** A numeric array of a file: `values` in column-major order. */
export interface MatlabArray {
  readonly shape: readonly number[];
  readonly values: Uint8Array | Float64Array;
}

/** The most that a compressed element may hold. */
const LARGEST = 2 ** 30;
const HEADER = 128;
const INT8 = 1, UINT8 = 2, INT32 = 5, UINT32 = 6, DOUBLE = 9, MATRIX = 14, COMPRESSED = 15;

/**
 * The arrays of uint8 and double in a file, by name; arrays of other types are passed over. `path` is its name in errors.
 *
 * @throws {DataFileError} where the bytes are not a whole, little-endian MATLAB file of level 5.
 */
export function parseMatlab(
  bytes: Uint8Array,
  { path = "the given bytes" }: { path?: string } = {},
): Map<string, MatlabArray> {
  const fail: Fail = (what) => {
    throw new DataFileError(
      `${path} is not a whole MATLAB file of level 5: ${what}; get it again with "deno task data"`,
    );
  };
  if (bytes.length < HEADER) fail(`it has ${bytes.length} bytes, the header alone has ${HEADER}`);
  const ending = String.fromCharCode(bytes[126], bytes[127]);
  if (ending === "MI") fail("it is big-endian, and only little-endian files are read");
  if (ending !== "IM" || bytes[125] !== 1) fail("its header does not end in version 1 and IM");
  const arrays = new Map<string, MatlabArray>();
  for (const element of elements(bytes.subarray(HEADER), fail)) {
    const [matrix] = element.type === COMPRESSED
      ? elements(inflated(element.data, fail), fail)
      : [element];
    if (matrix?.type !== MATRIX) continue;
    const array = parseArray(matrix.data, fail);
    if (array !== undefined) arrays.set(array.name, array);
  }
  return arrays;
}

type Fail = (what: string) => never;

interface Element {
  type: number;
  data: Uint8Array;
}

function elements(bytes: Uint8Array, fail: Fail): Element[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const result: Element[] = [];
  for (let at = 0; at < bytes.length;) {
    if (at + 8 > bytes.length) fail(`it ends within the tag of an element`);
    const small = view.getUint16(at + 2, true);
    const type = small > 0 ? view.getUint16(at, true) : view.getUint32(at, true);
    const size = small > 0 ? small : view.getUint32(at + 4, true);
    const start = at + (small > 0 ? 4 : 8);
    if (small > 4 || start + size > bytes.length) {
      fail(`an element of ${size} bytes does not fit into what is left`);
    }
    result.push({ type, data: bytes.subarray(start, start + size) });
    at = small > 0 ? at + 8 : start + size;
    if (type !== COMPRESSED) at = Math.ceil(at / 8) * 8;
  }
  return result;
}

function parseArray(
  bytes: Uint8Array,
  fail: Fail,
): (MatlabArray & { name: string }) | undefined {
  const [flags, sizes, name, values] = elements(bytes, fail);
  if (flags?.type !== UINT32 || sizes?.type !== INT32 || name?.type !== INT8) {
    fail("an array does not begin with its class, sizes and name");
  }
  const dimensions = sizes.data.length / 4;
  if (dimensions !== 2 && dimensions !== 3 && dimensions !== 4) {
    fail(`an array has ${dimensions} dimensions, and 2 to 4 are read`);
  }
  const shape = [...new Int32Array(sizes.data.slice().buffer)];
  const count = shape.reduce((product, size) => product * size, 1);
  const width = values?.type === UINT8 ? 1 : values?.type === DOUBLE ? 8 : undefined;
  if (width === undefined) return undefined;
  if (values.data.length !== count * width) {
    fail(`an array of ${shape.join(" × ")} has ${values.data.length} bytes of values`);
  }
  return {
    name: new TextDecoder().decode(name.data),
    shape,
    values: width === 1 ? values.data : new Float64Array(values.data.slice().buffer),
  };
}

function inflated(bytes: Uint8Array, fail: Fail): Uint8Array {
  try {
    return new Uint8Array(inflateSync(bytes, { maxOutputLength: LARGEST }));
  } catch (error) {
    return fail(`a compressed element is damaged (${(error as Error).message})`);
  }
}
