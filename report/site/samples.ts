/**
 * Pictures that this page draws itself, of kinds that the network knows and of kinds that it does not.
 *
 * @module
 */
import { normals, seeded } from "../../lib/random.ts";

/** A picture to try, drawn on 256 × 256 pixels. */
export interface Sample {
  readonly name: string;
  draw(context: CanvasRenderingContext2D): void;
}

const SIZE = 256;

/** Fills the whole picture. */
function ground(context: CanvasRenderingContext2D, from: string, to = from): void {
  const gradient = context.createLinearGradient(0, 0, 0, SIZE);
  gradient.addColorStop(0, from);
  gradient.addColorStop(1, to);
  context.fillStyle = gradient;
  context.fillRect(0, 0, SIZE, SIZE);
}

function disc(
  context: CanvasRenderingContext2D,
  [x, y, radius]: [number, number, number],
  fill: string | CanvasGradient,
): void {
  context.fillStyle = fill;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

function shaded(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  r: number,
  colors: string[],
) {
  const gradient = context.createRadialGradient(x - r / 3, y - r / 3, r / 8, x, y, r);
  colors.forEach((color, i) => gradient.addColorStop(i / (colors.length - 1), color));
  return gradient;
}

/** The pictures, in the order of the page. */
export const samples: readonly Sample[] = [
  {
    name: "an apple",
    draw(context) {
      ground(context, "#fdfdfb", "#f1ede6");
      disc(context, [98, 140, 76], shaded(context, 98, 132, 84, ["#ff8a70", "#d3202a", "#8d0f1c"]));
      disc(
        context,
        [156, 140, 76],
        shaded(context, 150, 132, 92, ["#f0604f", "#c81d28", "#860e1a"]),
      );
      context.strokeStyle = "#5a3a1d";
      context.lineWidth = 9;
      context.beginPath();
      context.moveTo(128, 84);
      context.quadraticCurveTo(130, 52, 150, 34);
      context.stroke();
      context.fillStyle = "#4f9a35";
      context.beginPath();
      context.ellipse(172, 52, 30, 13, -0.5, 0, 2 * Math.PI);
      context.fill();
    },
  },
  {
    name: "an orange",
    draw(context) {
      ground(context, "#ffffff", "#ece8e0");
      disc(
        context,
        [128, 136, 92],
        shaded(context, 128, 136, 92, ["#ffc56b", "#ff9016", "#d76500"]),
      );
      disc(context, [132, 62, 8], "#5c7a2c");
    },
  },
  {
    name: "a clock",
    draw(context) {
      ground(context, "#d8c6a8");
      disc(context, [128, 128, 108], "#23262b");
      disc(context, [128, 128, 94], "#fafafa");
      context.strokeStyle = "#111";
      for (let hour = 0; hour < 12; hour++) {
        const angle = hour * Math.PI / 6, inner = hour % 3 === 0 ? 68 : 78;
        context.lineWidth = hour % 3 === 0 ? 8 : 4;
        context.beginPath();
        context.moveTo(128 + inner * Math.sin(angle), 128 - inner * Math.cos(angle));
        context.lineTo(128 + 88 * Math.sin(angle), 128 - 88 * Math.cos(angle));
        context.stroke();
      }
      for (const [angle, length, width] of [[-1.05, 46, 10], [0.9, 68, 6]]) {
        context.lineWidth = width;
        context.beginPath();
        context.moveTo(128, 128);
        context.lineTo(128 + length * Math.sin(angle), 128 - length * Math.cos(angle));
        context.stroke();
      }
    },
  },
  {
    name: "a sunflower",
    draw(context) {
      ground(context, "#7db4e8", "#8fbf62");
      for (let petal = 0; petal < 18; petal++) {
        context.save();
        context.translate(128, 122);
        context.rotate(petal * Math.PI / 9);
        context.fillStyle = petal % 2 ? "#f7c315" : "#eeb000";
        context.beginPath();
        context.ellipse(0, -82, 17, 40, 0, 0, 2 * Math.PI);
        context.fill();
        context.restore();
      }
      disc(
        context,
        [128, 122, 52],
        shaded(context, 128, 122, 52, ["#7a4a1e", "#4a2a10", "#2d1808"]),
      );
    },
  },
  {
    name: "a house number",
    draw(context) {
      ground(context, "#2f4f74", "#27415f");
      context.fillStyle = "#f3f3ee";
      context.font = "bold 190px 'Source Sans 3', Arial, sans-serif";
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.fillText("7", 128, 138);
    },
  },
  {
    name: "a chessboard",
    draw(context) {
      for (let row = 0; row < 8; row++) {
        for (let column = 0; column < 8; column++) {
          context.fillStyle = (row + column) % 2 ? "#1b1b1b" : "#f4f1e8";
          context.fillRect(32 * column, 32 * row, 32, 32);
        }
      }
    },
  },
  {
    name: "stripes",
    draw(context) {
      ground(context, "#ffffff");
      context.fillStyle = "#0072b2";
      context.rotate(0.5);
      for (let x = -300; x < 400; x += 36) context.fillRect(x, -300, 18, 800);
      context.setTransform(1, 0, 0, 1, 0, 0);
    },
  },
  {
    name: "noise",
    draw(context) {
      const image = context.createImageData(SIZE, SIZE), random = seeded(1), cell = 8;
      const values = normals(random, 3 * (SIZE / cell) ** 2, { mean: 128, deviation: 60 });
      for (let y = 0; y < SIZE; y++) {
        for (let x = 0; x < SIZE; x++) {
          const from = 3 * (Math.floor(y / cell) * (SIZE / cell) + Math.floor(x / cell));
          const to = 4 * (y * SIZE + x);
          for (let c = 0; c < 3; c++) image.data[to + c] = values[from + c];
          image.data[to + 3] = 255;
        }
      }
      context.putImageData(image, 0, 0);
    },
  },
];
