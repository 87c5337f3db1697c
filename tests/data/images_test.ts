import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "node:path";
import { parseCifar, readCifar } from "../../lib/data/cifar.ts";
import { DataFileError } from "../../lib/data/files.ts";
import { firstImages, IMAGE_BYTES, imagesPerClass } from "../../lib/data/images.ts";
import { parseSvhn, readSvhn } from "../../lib/data/svhn.ts";
import { imageDataIsHere } from "../image_data.ts";
import { byteAt, cifarFile, eachPixel, matlabArray, matlabFile, svhnFile } from "./image_files.ts";
import { mat } from "./reference_files.ts";

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
  const cases: [Uint8Array, string][] = [
    [whole.subarray(0, 100), "header"],
    [new TextEncoder().encode("<html>".repeat(99)), "header"],
    [whole.subarray(0, -8), "does not fit"],
    [svhnFile([1, 11]), "label 1 is 11"],
    [whole.subarray(0, 128), "no array X"],
    [matlabFile([matlabArray("X", [2, 2], 2, new Uint8Array(4))]), "no array y"],
    [mat.get("others")!.bytes, "no array X"],
    [svhnFile([1], { pixels: [256] }), "value 0 of X is 256"],
    [svhnFile([1], { pixels: [0, 0.5] }), "value 1 of X is 0.5"],
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
