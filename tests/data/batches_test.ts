import { assert, assertEquals, assertThrows } from "@std/assert";
import { IMAGE_BYTES, type ImageSet } from "../../lib/data/images.ts";
import { seeded } from "../../lib/random.ts";
import { CIFAR100_STANDARDIZATION, fillBatch } from "../../lib/data/batches.ts";

const random = seeded(4);
const IMAGES: ImageSet = {
  name: "noise",
  pixels: Uint8Array.from({ length: 2 * IMAGE_BYTES }, () => random.integer(256)),
  labels: Uint8Array.of(0, 1),
};
const { mean, deviation } = CIFAR100_STANDARDIZATION;
const standardized = (byte: number, c: number) =>
  Math.fround((byte / 255 - mean[c]) / deviation[c]);

Deno.test("fillBatch() standardises the chosen images without augmentation", () => {
  const batch = new Float32Array(IMAGE_BYTES);
  fillBatch(batch, { images: IMAGES, indices: [1] });
  batch.forEach((value, k) =>
    assertEquals(value, standardized(IMAGES.pixels[IMAGE_BYTES + k], k % 3))
  );
});

Deno.test("fillBatch() gives, with augmentation, each of the 162 mirrored crops and nothing else", () => {
  const crops = new Map<string, string>();
  const image = new Float32Array(IMAGE_BYTES);
  for (const flip of [false, true]) {
    for (let down = -4; down <= 4; down++) {
      for (let right = -4; right <= 4; right++) {
        for (let y = 0, k = 0; y < 32; y++) {
          for (let x = 0; x < 32; x++) {
            for (let c = 0; c < 3; c++, k++) {
              const row = y + down, column = (flip ? 31 - x : x) + right;
              const inside = Math.min(row, column) >= 0 && Math.max(row, column) < 32;
              const byte = inside ? IMAGES.pixels[(32 * row + column) * 3 + c] : 0;
              image[k] = standardized(byte, c);
            }
          }
        }
        crops.set(image.join(), `${flip} ${down} ${right}`);
      }
    }
  }
  assertEquals(crops.size, 162);
  const batch = new Float32Array(IMAGE_BYTES), seen = new Set<string>(), source = seeded(1);
  for (let i = 0; i < 1500; i++) {
    const epoch = 1 + i % 2;
    fillBatch(batch, { images: IMAGES, indices: [0], augmentation: { random: source, epoch } });
    const crop = crops.get(batch.join());
    assert(crop !== undefined, "not a mirrored crop");
    seen.add(crop);
  }
  assertEquals(seen.size, 162); // That 1,500 draws miss one has a probability under 0.02, for one seed in fifty.
});

Deno.test("fillBatch() mirrors half of the images in one epoch and the other half in the next", () => {
  const mirrored = (index: number, epoch: number) => {
    const noCrop = Object.assign(() => 0, { integer: () => 4, state: () => [] });
    const augmentation = { random: noCrop, epoch }, batch = new Float32Array(IMAGE_BYTES);
    fillBatch(batch, { images: IMAGES, indices: [index], augmentation });
    const left = IMAGES.pixels[index * IMAGE_BYTES],
      right = IMAGES.pixels[index * IMAGE_BYTES + 93];
    assert(left !== right && [left, right].some((it) => standardized(it, 0) === batch[0]));
    return batch[0] === standardized(right, 0);
  };
  assertEquals([1, 2, 3].map((epoch) => mirrored(0, epoch)), [true, false, true]);
  assertEquals([1, 2, 3].map((epoch) => mirrored(1, epoch)), [false, true, false]);
});

Deno.test("fillBatch() gives the same batch for the same seed", () => {
  const [a, b] = [1, 1].map((seed) => {
    const batch = new Float32Array(2 * IMAGE_BYTES);
    fillBatch(batch, {
      images: IMAGES,
      indices: [0, 1],
      augmentation: { random: seeded(seed), epoch: 1 },
    });
    return batch;
  });
  assertEquals(a, b);
});

Deno.test("fillBatch() refuses a batch of another size", () => {
  const indices = [0, 1], images = IMAGES;
  assertThrows(
    () => fillBatch(new Float32Array(IMAGE_BYTES), { images, indices }),
    RangeError,
    "6144",
  );
});
