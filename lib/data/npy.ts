/**
 * The header of NumPy's array files (.npy).
 *
 * Layout: the bytes 0x93 "NUMPY", a version of two bytes, the header's length (uint16 in version 1, else uint32,
 * little-endian), the header, a Python dictionary of `descr`, `fortran_order` and `shape`, and then the values.
 *
 * Source: numpy.lib.format, https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 *
 * @module
 */
import type { ElementType } from "./element_types.ts";
import { DataFileError } from "./files.ts";

/** What a header says; the values begin at byte `offset`. */
export interface NpyHeader {
  readonly type: ElementType;
  readonly littleEndian: boolean;
  /** Column by column instead of row by row. */
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  readonly offset: number;
}

/** Enough of a file to find its whole header in, as NumPy itself limits it. */
export const LONGEST_NPY_HEADER = 10_000 + 12;

const KINDS: Readonly<Record<string, ElementType>> = {
  f8: "F64",
  f4: "F32",
  f2: "F16",
  i8: "I64",
  i4: "I32",
  i2: "I16",
  i1: "I8",
  u8: "U64",
  u4: "U32",
  u2: "U16",
  u1: "U8",
  b1: "U8",
};

/**
 * Reads the header in the first `LONGEST_NPY_HEADER` bytes of a file, or all where it has fewer; `path` is its name in
 * errors.
 *
 * @throws {DataFileError} where it is none, or the values are not real numbers.
 */
export function parseNpyHeader(bytes: Uint8Array, { path }: { path: string }): NpyHeader {
  const fail = (what: string): never => {
    throw new DataFileError(
      `${path} is not a whole .npy file: ${what}. Write it again by numpy.save`,
    );
  };
  if (String.fromCharCode(...bytes.subarray(0, 6)) !== "\x93NUMPY" || bytes.length < 12) {
    fail("it does not begin as one");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = bytes[6] === 1 ? 10 : 12;
  const offset = start + (bytes[6] === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (bytes[6] < 1 || bytes[6] > 3) fail(`its version is ${bytes[6]}.${bytes[7]}`);
  if (offset > bytes.length) fail(`its header should end at byte ${offset}`);
  const header = new TextDecoder().decode(bytes.subarray(start, offset));
  const descr = /'descr': *('[^']*'|\[)/.exec(header)?.[1] ?? fail("its header has no descr");
  const order = /'fortran_order': *(True|False)/.exec(header)?.[1] ?? fail("nor fortran_order");
  const sizes = /'shape': *\(([\d, L]*)\)/.exec(header)?.[1] ?? fail("its header has no shape");
  const [, endian, kind] = /^'([<>|=])(\w+)'$/.exec(descr) ?? [];
  if (kind === undefined || !Object.hasOwn(KINDS, kind)) {
    throw new DataFileError(
      `${path} holds values of NumPy's type ${
        descr === "[" ? "record" : descr
      }, which are not read: ` +
        `save real numbers, as by array.astype("float32")`,
    );
  }
  const shape = sizes.split(",").map((it) => it.replace("L", "").trim()).filter(Boolean).map(
    Number,
  );
  if (!shape.every(Number.isSafeInteger)) fail(`its shape is (${sizes})`);
  return {
    type: KINDS[kind],
    littleEndian: endian !== ">",
    fortranOrder: order === "True",
    shape,
    offset,
  };
}
