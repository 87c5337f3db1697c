import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { deflateSync } from "node:zlib";
import { join } from "node:path";
import { CIFAR_FORMATS, parseCifar, readCifar } from "../../lib/data/cifar.ts";
import { DataFileError } from "../../lib/data/files.ts";
import { firstImages, IMAGE_BYTES, imagesPerClass } from "../../lib/data/images.ts";
import { parseSvhn, readSvhn } from "../../lib/data/svhn.ts";
import { seeded } from "../../lib/random.ts";
import { imageDataIsHere } from "../image_data.ts";

/** The byte of a channel of a pixel of image n; different for neighbours in every direction. */
const byteAt = (n: number, row: number, column: number, channel: number) =>
  (31 * n + 7 * row + 3 * column + 101 * channel) % 256;

function eachPixel(visit: (row: number, column: number, channel: number) => void) {
  for (let row = 0; row < 32; row++) {
    for (let column = 0; column < 32; column++) {
      for (let channel = 0; channel < 3; channel++) visit(row, column, channel);
    }
  }
}

function cifarFile(format: keyof typeof CIFAR_FORMATS, labels: number[][]): Uint8Array {
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

function matlabElement(type: number, data: Uint8Array): number[] {
  const head = new Uint8Array(new Uint32Array([type, data.length]).buffer);
  return [...head, ...data, ...new Array(type === 15 ? 0 : -data.length & 7).fill(0)];
}

function matlabArray(name: string, shape: number[], type: number, values: Uint8Array): Uint8Array {
  return Uint8Array.from(matlabElement(
    14,
    Uint8Array.from([
      ...matlabElement(6, new Uint8Array(new Uint32Array([9, 0]).buffer)),
      ...matlabElement(5, new Uint8Array(new Int32Array(shape).buffer)),
      ...(name.length <= 4
        ? [1, 0, name.length, 0, ...new TextEncoder().encode(name.padEnd(4, "\0"))]
        : matlabElement(1, new TextEncoder().encode(name))),
      ...matlabElement(type, values),
    ]),
  ));
}

function svhnFile(digits: number[], { compressed = true, doubles = false } = {}): Uint8Array {
  const X = new Uint8Array(digits.length * IMAGE_BYTES);
  digits.forEach((_, n) =>
    eachPixel((row, column, channel) => {
      X[3072 * n + 1024 * channel + 32 * column + row] = byteAt(n, row, column, channel);
    })
  );
  const y = doubles ? new Uint8Array(new Float64Array(digits).buffer) : Uint8Array.from(digits);
  const header = new Uint8Array(128).fill(32);
  header.set([0, 1, 73, 77], 124);
  const arrays = [
    matlabArray("X", [32, 32, 3, digits.length], 2, X),
    matlabArray("y", [digits.length, 1], doubles ? 9 : 2, y),
  ];
  return Uint8Array.from([
    ...header,
    ...arrays.flatMap((it) => compressed ? matlabElement(15, deflateSync(it)) : [...it]),
  ]);
}

function assertPixels(pixels: Uint8Array, count: number) {
  assertEquals(pixels.length, count * IMAGE_BYTES);
  for (let n = 0; n < count; n++) {
    eachPixel((row, column, channel) =>
      assertEquals(
        pixels[3072 * n + 96 * row + 3 * column + channel],
        byteAt(n, row, column, channel),
      )
    );
  }
}

Deno.test("parseCifar() interleaves the planes and takes the fine label of CIFAR-100", () => {
  const hundred = parseCifar(cifarFile("CIFAR-100", [[19, 99], [0, 3]]), { format: "CIFAR-100" });
  assertEquals([...hundred.labels], [99, 3]);
  assertPixels(hundred.pixels, 2);
  const ten = parseCifar(cifarFile("CIFAR-10", [[9], [0]]), { format: "CIFAR-10" });
  assertEquals([...ten.labels], [9, 0]);
  assertPixels(ten.pixels, 2);
});

Deno.test("parseSvhn() reads compressed and plain files, labels in bytes and doubles, 10 as digit 0", () => {
  for (const compressed of [true, false]) {
    for (const doubles of [true, false]) {
      const { pixels, labels } = parseSvhn(svhnFile([10, 1, 9], { compressed, doubles }));
      assertEquals([...labels], [0, 1, 9]);
      assertPixels(pixels, 3);
    }
  }
});

Deno.test("parseCifar() names file, place and remedy when the bytes are not whole records", () => {
  const whole = cifarFile("CIFAR-100", [[1, 2], [3, 4]]);
  const cases: [Uint8Array, string][] = [
    [new Uint8Array(0), "0 bytes"],
    [whole.subarray(0, -1), "not whole"],
    [cifarFile("CIFAR-100", [[1, 2], [3, 100]]), "label 100"],
    [cifarFile("CIFAR-100", [[20, 2]]), "label 20"],
  ];
  for (const [bytes, message] of cases) {
    const error = assertThrows(
      () => parseCifar(bytes, { format: "CIFAR-100", path: "train.bin" }),
      DataFileError,
      message,
    );
    assert(error.message.includes("train.bin") && error.message.includes("deno task data"));
  }
});

Deno.test("parseSvhn() names file and remedy when the bytes are another file or damaged", () => {
  const whole = svhnFile([1, 2, 3], { compressed: false });
  const bigEndian = whole.slice();
  bigEndian.set([77, 73], 126);
  const cases: [Uint8Array, string][] = [
    [whole.subarray(0, 100), "header"],
    [new TextEncoder().encode("<html>".repeat(99)), "header"],
    [bigEndian, "big-endian"],
    [whole.subarray(0, -8), "does not fit"],
    [svhnFile([1, 11]), "label 1 is 11"],
    [whole.subarray(0, 128), "no array X"],
  ];
  for (const [bytes, message] of cases) {
    const error = assertThrows(
      () => parseSvhn(bytes, { path: "test.mat" }),
      DataFileError,
      message,
    );
    assert(error.message.includes("test.mat") && error.message.includes("deno task data"));
  }
});

Deno.test("parseCifar() and parseSvhn() throw only their own error on 100,000 damaged files", () => {
  const random = seeded(11);
  const parsers: [Uint8Array, (bytes: Uint8Array) => unknown][] = [
    [
      cifarFile("CIFAR-100", [[0, 0], [1, 1], [2, 2]]),
      (it) => parseCifar(it, { format: "CIFAR-100" }),
    ],
    [cifarFile("CIFAR-10", [[0], [1], [2]]), (it) => parseCifar(it, { format: "CIFAR-10" })],
    [svhnFile([1, 2, 3]), parseSvhn],
    [svhnFile([1, 2, 3], { compressed: false, doubles: true }), parseSvhn],
  ];
  let refused = 0;
  for (let i = 0; i < 100_000; i++) {
    const [whole, parse] = parsers[i % parsers.length];
    const length = random() < 0.3 ? random.integer(whole.length + 1) : whole.length;
    const bytes = whole.slice(0, length);
    // Most damage where the structure is: at the beginning.
    const place = () => random.integer(random() < 0.5 ? Math.min(300, length) : length);
    for (let k = random.integer(5); k > 0 && length > 0; k--) bytes[place()] = random.integer(256);
    try {
      parse(bytes);
    } catch (error) {
      if (!(error instanceof DataFileError)) throw error;
      refused++;
    }
  }
  assert(refused > 20_000 && refused < 100_000, `${refused} were refused`);
});

Deno.test("readCifar() and readSvhn() name the missing file", async () => {
  const before = Deno.env.get("DATA_DIR"), folder = await Deno.makeTempDir();
  try {
    Deno.env.set("DATA_DIR", folder);
    const path = join(folder, "cifar-100-binary/test.bin");
    const error = await assertRejects(() => readCifar("CIFAR-100 test"), DataFileError, path);
    assert(error.message.includes("deno task data") && error.message.includes("DATA_DIR"));
    await assertRejects(() => readSvhn(), DataFileError, "test_32x32.mat");
    await Deno.mkdir(path, { recursive: true });
    await assertRejects(() => readCifar("CIFAR-100 test"), DataFileError, "directory");
    await Deno.remove(path);
    await Deno.writeFile(path, cifarFile("CIFAR-100", [[1, 2]]));
    await assertRejects(() => readCifar("CIFAR-100 test"), DataFileError, "holds 1 images");
  } finally {
    if (before === undefined) Deno.env.delete("DATA_DIR");
    else Deno.env.set("DATA_DIR", before);
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("firstImages() and imagesPerClass() choose images and refuse more than there are", () => {
  const labels = [[0, 1], [0, 0], [0, 1], [0, 0], [0, 1]];
  const set = parseCifar(cifarFile("CIFAR-100", labels), { format: "CIFAR-100" });
  assertEquals([...firstImages(set, 2).labels], [1, 0]);
  const two = imagesPerClass(set, 2);
  assertEquals([...two.labels], [0, 0, 1, 1]);
  assertEquals(two.pixels.slice(0, 3072), set.pixels.slice(3072, 2 * 3072));
  assertThrows(() => firstImages(set, 6), RangeError, "5 images");
  assertThrows(() => imagesPerClass(set, 3), RangeError, "2 images of class 0");
});

Deno.test({
  name:
    "readCifar() and readSvhn() read the real sets, balanced, with the published mean and deviation",
  ignore: !imageDataIsHere,
  async fn() {
    const training = await readCifar("CIFAR-100 training");
    const counts = new Array(100).fill(0);
    for (const label of training.labels) counts[label]++;
    assertEquals(new Set(counts), new Set([500]));
    const sums = [0, 0, 0], squares = [0, 0, 0], N = training.pixels.length / 3;
    training.pixels.forEach((byte, k) => {
      sums[k % 3] += byte / 255;
      squares[k % 3] += (byte / 255) ** 2;
    });
    const mean = sums.map((sum) => sum / N);
    const deviation = squares.map((square, c) => Math.sqrt(square / N - mean[c] ** 2));
    [0.5071, 0.4865, 0.4409].forEach((it, c) => assert(Math.abs(mean[c] - it) < 5e-5));
    [0.2673, 0.2564, 0.2762].forEach((it, c) => assert(Math.abs(deviation[c] - it) < 5e-5));
    assertEquals((await readCifar("CIFAR-10 test")).labels.length, 10_000);
    assert((await readSvhn()).labels.length > 1000);
  },
});
