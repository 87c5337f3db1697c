import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { resized } from "../../lib/data/resize.ts";
import pytorch from "../reference/resize.json" with { type: "json" };

/** Two images: the reference's in each channel, times 1, 2, 3, and the same again upside down. */
const images = Float32Array.from({ length: 2 * 32 * 32 * 3 }, (_, k) => {
  const c = k % 3, x = (k - c) / 3 % 32, row = Math.floor(k / 96);
  const y = row < 32 ? row : 63 - row;
  return (1 + c) * Math.sin(0.7 * y + 0.01 * x ** 2);
});

Deno.test("resized() is PyTorch's bilinear interpolation with antialiasing, of each image and channel", () => {
  for (const [name, expected] of Object.entries(pytorch.sides)) {
    const side = Number(name), result = resized(images, side);
    assertEquals(result.length, 2 * side * side * 3);
    result.forEach((value, k) => {
      const c = k % 3, x = (k - c) / 3 % side, row = Math.floor(k / (3 * side));
      const y = row < side ? row : 2 * side - 1 - row;
      assertAlmostEquals(value, (1 + c) * expected[y][x], 2e-6);
    });
  }
});

Deno.test("resized() keeps a constant image, and gives back images of 32 pixels themselves", () => {
  const white = new Float32Array(32 * 32 * 3).fill(1);
  assert(resized(white, 17).every((value) => Math.abs(value - 1) < 1e-6));
  assert(resized(images, 32) === images);
});

Deno.test("resized() refuses a side that is none", () => {
  assertThrows(
    () => resized(images, 33),
    RangeError,
    "side is a whole number from 1 to 32, got 33",
  );
});
