/** Small files of CIFAR's and SVHN's formats. */
import { deflateSync } from "node:zlib";
import { CIFAR_FORMATS } from "../../lib/data/cifar.ts";
import { IMAGE_BYTES } from "../../lib/data/images.ts";

/** The byte of a channel of a pixel of image n; different for neighbours in every direction. */
export const byteAt = (n: number, row: number, column: number, channel: number) =>
  (31 * n + 7 * row + 3 * column + 101 * channel) % 256;

export function eachPixel(visit: (row: number, column: number, channel: number) => void) {
  for (let row = 0; row < 32; row++) {
    for (let column = 0; column < 32; column++) {
      for (let channel = 0; channel < 3; channel++) visit(row, column, channel);
    }
  }
}

export function cifarFile(format: keyof typeof CIFAR_FORMATS, labels: number[][]): Uint8Array {
  const size = CIFAR_FORMATS[format].length, bytes = new Uint8Array(labels.length * (size + 3072));
  labels.forEach((label, n) => {
    const record = bytes.subarray(n * (size + 3072), (n + 1) * (size + 3072));
    record.set(label);
    eachPixel((row, column, channel) => {
      record[size + 1024 * channel + 32 * row + column] = byteAt(n, row, column, channel);
    });
  });
  return bytes;
}

export function matlabElement(type: number, data: Uint8Array): number[] {
  const head = new Uint8Array(new Uint32Array([type, data.length]).buffer);
  return [...head, ...data, ...new Array(type === 15 ? 0 : -data.length & 7).fill(0)];
}

export function matlabArray(
  name: string,
  shape: number[],
  type: number,
  values: Uint8Array,
): Uint8Array {
  return Uint8Array.from(matlabElement(
    14,
    Uint8Array.from([
      ...matlabElement(6, new Uint8Array(new Uint32Array([type === 9 ? 6 : 9, 0]).buffer)),
      ...matlabElement(5, new Uint8Array(new Int32Array(shape).buffer)),
      ...(name.length <= 4
        ? [1, 0, name.length, 0, ...new TextEncoder().encode(name.padEnd(4, "\0"))]
        : matlabElement(1, new TextEncoder().encode(name))),
      ...matlabElement(type, values),
    ]),
  ));
}

/** A MATLAB file of arrays, each in an element of its own. */
export function matlabFile(arrays: Uint8Array[], { compressed = false } = {}): Uint8Array {
  const header = new Uint8Array(128).fill(32);
  header.set([0, 1, 73, 77], 124);
  return Uint8Array.from([
    ...header,
    ...arrays.flatMap((it) => compressed ? matlabElement(15, deflateSync(it)) : [...it]),
  ]);
}

/** A file of SVHN's digits; with `pixels`, X is of doubles that begin with them. */
export function svhnFile(
  digits: number[],
  { compressed = true, doubles = false, pixels }: {
    compressed?: boolean;
    doubles?: boolean;
    pixels?: number[];
  } = {},
): Uint8Array {
  const X = new Uint8Array(digits.length * IMAGE_BYTES);
  digits.forEach((_, n) =>
    eachPixel((row, column, channel) => {
      X[3072 * n + 1024 * channel + 32 * column + row] = byteAt(n, row, column, channel);
    })
  );
  const asDoubles = (values: ArrayLike<number>) => new Uint8Array(Float64Array.from(values).buffer);
  const wide = [...pixels ?? [], ...X.subarray(pixels?.length)];
  return matlabFile([
    matlabArray("X", [32, 32, 3, digits.length], pixels ? 9 : 2, pixels ? asDoubles(wide) : X),
    matlabArray(
      "y",
      [digits.length, 1],
      doubles ? 9 : 2,
      doubles ? asDoubles(digits) : Uint8Array.from(digits),
    ),
  ], { compressed });
}
