/**
 * Street View House Numbers (Netzer et al. 2011), cropped digits, from its MATLAB file.
 *
 * `X` is 32 × 32 × 3 × N uint8 (rows, columns, channels, images) and `y` N × 1 the digit, 1 … 10, where 10 stands for the
 * digit 0 (http://ufldl.stanford.edu/housenumbers).
 *
 * @module
 */
import { join } from "node:path";
import { dataDirectory, MISSING_DATA } from "./directory.ts";
import { DataFileError, readFile } from "./files.ts";
import { CHANNELS, IMAGE_BYTES, type ImageSet, SIDE } from "./images.ts";
import { parseMatlab } from "./matlab.ts";

const TEST_IMAGES = 26_032;

/**
 * Reads `svhn/test_32x32.mat` of the folder of the data sets. Its name says how many crops it holds where they are not the 26,032
 * of the published test set.
 *
 * @throws {DataFileError} where the file is missing or damaged.
 */
export async function readSvhn(
  { directory = dataDirectory() }: { directory?: string } = {},
): Promise<ImageSet> {
  const path = join(directory, "svhn/test_32x32.mat");
  const images = parseSvhn(await readFile(path, { remedy: MISSING_DATA }), { path });
  const count = images.labels.length;
  return {
    ...images,
    name: count === TEST_IMAGES ? "SVHN test" : `${count.toLocaleString("en")} SVHN crops`,
  };
}

/**
 * Reads the bytes of SVHN's cropped digits; `path` is the file's name in errors.
 *
 * @throws {DataFileError} where they are not such a file.
 */
export function parseSvhn(
  bytes: Uint8Array,
  { path = "the given bytes" }: { path?: string } = {},
): ImageSet {
  const fail = (what: string): never => {
    throw new DataFileError(
      `${path} is no file of SVHN's cropped digits: ${what}; get it again with "deno task data"`,
    );
  };
  const { arrays, others } = parseMatlab(bytes, { path });
  const array = (name: string) =>
    arrays.get(name) ??
      fail(others.has(name) ? `${name} is ${others.get(name)}` : `it has no array ${name}`);
  const X = array("X"), y = array("y");
  const [rows, columns, channels, count = 1] = X.shape;
  if (
    X.shape.length > 4 || rows !== SIDE || columns !== SIDE || channels !== CHANNELS || count < 1
  ) {
    fail(`X is ${X.shape.join(" × ")}, not 32 × 32 × 3 × N`);
  }
  const images = X.values instanceof Uint8Array
    ? X.values
    : Uint8Array.from(X.values as Float64Array, (value, i) =>
      Number.isInteger(Number(value)) && value >= 0 && value <= 255
        ? Number(value)
        : fail(`value ${i} of X is ${value}, pixels are whole numbers from 0 to 255`));
  if (y.values.length !== count) fail(`there are ${count} images and ${y.values.length} labels`);
  const labels = new Uint8Array(count);
  for (let n = 0; n < count; n++) {
    const digit = Number(y.values[n]);
    if (!Number.isInteger(digit) || digit < 1 || digit > 10) {
      fail(`label ${n} is ${digit}, digits are 1 to 10`);
    }
    labels[n] = digit % 10;
  }
  const pixels = new Uint8Array(count * IMAGE_BYTES), plane = SIDE * SIDE;
  for (let n = 0, k = 0; n < count; n++) {
    for (let r = 0; r < SIDE; r++) {
      for (let c = 0; c < SIDE; c++) {
        const from = n * IMAGE_BYTES + c * SIDE + r;
        pixels[k++] = images[from];
        pixels[k++] = images[from + plane];
        pixels[k++] = images[from + 2 * plane];
      }
    }
  }
  return { name: "SVHN", pixels, labels };
}
