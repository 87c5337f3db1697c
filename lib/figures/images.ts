/**
 * Rows of small colour images, each row with its name.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import { IMAGE_BYTES, SIDE } from "../data/images.ts";
import { type Figure, plot } from "./plot.ts";

/** Rows of images of 32 × 32 × 3 bytes each. Meant for the screen: the sets of CIFAR and SVHN are not to be republished. */
export function imageRows(
  rows: readonly { readonly name: string; readonly images: readonly Uint8Array[] }[],
  { scale = 1.5, marginLeft = 150 }: { scale?: number; marginLeft?: number } = {},
): Figure {
  const side = SIDE * scale, gap = 4;
  const cells = rows.flatMap(({ images }, y) => images.map((image, x) => ({ x, y, image })));
  const columns = Math.max(...rows.map(({ images }) => images.length));
  return plot({
    width: marginLeft + columns * (side + gap),
    height: rows.length * (side + gap),
    marginLeft,
    marginTop: 0,
    marginRight: 0,
    marginBottom: 0,
    x: { axis: null, domain: [-0.5, columns - 0.5] },
    y: { axis: null, domain: [rows.length - 0.5, -0.5] },
    marks: [
      Plot.image(cells, {
        x: "x",
        y: "y",
        width: side,
        src: ({ image }: typeof cells[number]) => bitmap(image),
      }),
      Plot.text(rows.map(({ name }, y) => ({ name, y })), {
        y: "y",
        text: "name",
        frameAnchor: "left",
        textAnchor: "end",
        dx: -8,
      }),
    ],
  });
}

/** The image as the address of a bitmap file: a header of 54 bytes, then rows from the bottom up, blue, green, red. */
function bitmap(pixels: Uint8Array): string {
  const file = new Uint8Array(54 + IMAGE_BYTES), header = new DataView(file.buffer);
  file.set(new TextEncoder().encode("BM"));
  header.setUint32(2, file.length, true);
  header.setUint32(10, 54, true); // where the pixels begin
  header.setUint32(14, 40, true); // bytes of the rest of the header
  header.setInt32(18, SIDE, true);
  header.setInt32(22, SIDE, true);
  header.setUint16(26, 1, true); // planes
  header.setUint16(28, 24, true); // bits a pixel
  for (let i = 0; i < SIDE * SIDE; i++) {
    const from = 3 * ((SIDE - 1 - Math.floor(i / SIDE)) * SIDE + i % SIDE);
    for (let channel = 0; channel < 3; channel++) {
      file[54 + 3 * i + channel] = pixels[from + 2 - channel];
    }
  }
  return `data:image/bmp;base64,${file.toBase64()}`;
}
