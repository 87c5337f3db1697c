/**
 * CIFAR-10 and CIFAR-100 (Krizhevsky 2009) from their binary files.
 *
 * A file is a row of records without a header. A record of CIFAR-100 is a coarse label (0 … 19), a fine label
 * (0 … 99) and 3,072 pixel bytes; one of CIFAR-10 is a label (0 … 9) and 3,072 pixel bytes. Pixels are three planes,
 * red, green and blue, each row by row (https://www.cs.toronto.edu/~kriz/cifar.html).
 *
 * @module
 */
import { join } from "node:path";
import { checkOneOf } from "../checks.ts";
import { dataDirectory, MISSING_DATA } from "./directory.ts";
import { DataFileError, readFile } from "./files.ts";
import { IMAGE_BYTES, type ImageSet, interleavePlanes } from "./images.ts";

/** How the records of a CIFAR file look: its label bytes' numbers of classes; the last one is the label read. */
export const CIFAR_FORMATS = { "CIFAR-10": [10], "CIFAR-100": [20, 100] } as const;

const FILES = {
  "CIFAR-100 training": ["CIFAR-100", "cifar-100-binary/train.bin", 50_000],
  "CIFAR-100 test": ["CIFAR-100", "cifar-100-binary/test.bin", 10_000],
  "CIFAR-10 test": ["CIFAR-10", "cifar-10-batches-bin/test_batch.bin", 10_000],
} as const satisfies Record<CifarSet, unknown>;

/** The sets that `readCifar` reads. */
export type CifarSet = "CIFAR-100 training" | "CIFAR-100 test" | "CIFAR-10 test";

/**
 * Reads a set from the folder of the data sets; CIFAR-100 has its 100 fine labels.
 *
 * @throws {DataFileError} where the file is missing, damaged, or has not as many images as was published.
 */
export async function readCifar(
  set: CifarSet,
  { directory = dataDirectory() }: { directory?: string } = {},
): Promise<ImageSet> {
  checkOneOf("A CIFAR set", set, Object.keys(FILES) as CifarSet[]);
  const [format, file, count] = FILES[set];
  const path = join(directory, file);
  const images = parseCifar(await readFile(path, { remedy: MISSING_DATA }), {
    format,
    name: set,
    path,
  });
  if (images.labels.length !== count) {
    throw new DataFileError(
      `${path} holds ${images.labels.length} images, ${set} has ${count}: get it again with "deno task data"`,
    );
  }
  return images;
}

/**
 * Reads the records of a CIFAR file; `path` is the file's name in errors.
 *
 * @throws {DataFileError} where the bytes are no whole number of records, or a label is out of range.
 */
export function parseCifar(
  bytes: Uint8Array,
  { format, name = format, path = "the given bytes" }: {
    format: keyof typeof CIFAR_FORMATS;
    name?: string;
    path?: string;
  },
): ImageSet {
  const classes = CIFAR_FORMATS[format];
  const record = classes.length + IMAGE_BYTES;
  const count = bytes.length / record;
  if (count === 0 || !Number.isInteger(count)) {
    throw new DataFileError(
      `${path} has ${bytes.length} bytes, a ${format} file has records of ${record}: ` +
        `it is not whole or not such a file; get it again with "deno task data"`,
    );
  }
  const pixels = new Uint8Array(count * IMAGE_BYTES);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const start = i * record;
    for (const [k, limit] of classes.entries()) {
      const label = bytes[start + k];
      if (label >= limit) {
        throw new DataFileError(
          `${path} has the label ${label} at byte ${start + k} (record ${i}), ${format} has 0 to ` +
            `${limit - 1}: it is damaged or not such a file; get it again with "deno task data"`,
        );
      }
      labels[i] = label;
    }
    interleavePlanes(
      bytes.subarray(start + classes.length, start + record),
      pixels.subarray(i * IMAGE_BYTES, (i + 1) * IMAGE_BYTES),
    );
  }
  return { name, pixels, labels };
}
