/**
 * Figures of a Gaussian prediction over one input, and of a Gaussian over two weights.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import type { Matrix } from "../linear_algebra/mod.ts";
import { colors, ink } from "./theme.ts";

/** A prediction along a line of inputs. */
export interface Curve {
  /** Where the curve is evaluated. */
  readonly x: ArrayLike<number>;
  /** The predicted mean there. */
  readonly mean: ArrayLike<number>;
  /** The predicted variance there. */
  readonly variance: ArrayLike<number>;
}

/** The marks of a prediction: bands of one, two and three standard deviations about the mean. */
export function predictionBands(
  { x, mean, variance }: Curve,
  { color = colors.blue, bands = [3, 2, 1] }: { color?: string; bands?: number[] } = {},
): Plot.Markish[] {
  const rows = Array.from(x, (_, i) => ({ x: x[i], mean: mean[i], sd: Math.sqrt(variance[i]) }));
  type Row = typeof rows[number];
  return [
    ...bands.map((k) =>
      Plot.areaY(rows, {
        x: "x",
        y1: (r: Row) => r.mean - k * r.sd,
        y2: (r: Row) => r.mean + k * r.sd,
        fill: color,
        fillOpacity: 0.16,
        clip: true,
      })
    ),
    Plot.line(rows, { x: "x", y: "mean", stroke: color, strokeWidth: 2, clip: true }),
  ];
}

/** Names the upper edges of the bands at the last input, to the right of the frame: leave a margin of 40 pixels there. */
export function bandLabels(
  { x, mean, variance }: Curve,
  { bands = [1, 2, 3] }: { bands?: number[] } = {},
): Plot.Markish {
  const last = x.length - 1, sd = Math.sqrt(variance[last]);
  return Plot.text(
    [0, ...bands].map((k) => ({
      x: x[last],
      y: mean[last] + k * sd,
      label: k === 0 ? "mean" : `+${k}σ`,
    })),
    { x: "x", y: "y", text: "label", fill: ink, textAnchor: "start", dx: 5 },
  );
}

/** The marks of data points. */
export function dataPoints(
  { x, y }: { x: ArrayLike<number>; y: ArrayLike<number> },
  { radius = 2.5 }: { radius?: number } = {},
): Plot.Markish {
  return Plot.dot(Array.from(x, (xi, i) => [xi, y[i]]), {
    r: radius,
    fill: colors.black,
    stroke: "white",
    strokeWidth: 0.6,
    clip: true,
  });
}

/** The mark of a function without noise: a dashed line. */
export function truthLine(
  truth: (x: number) => number,
  x: ArrayLike<number>,
): Plot.Markish {
  return Plot.line(Array.from(x, (xi) => [xi, truth(xi)]), {
    stroke: colors.vermilion,
    strokeDasharray: "5 4",
    strokeWidth: 1.6,
    clip: true,
  });
}

/** The title of one panel of several, above its frame: leave a top margin of 28 pixels. */
export function panelTitle(text: string): Plot.Markish {
  return Plot.text([text], { frameAnchor: "top", dy: -18, fontWeight: "bold" });
}

/** A label beside the point (x, y): what stands in the place of a legend. */
export function label(
  text: string,
  { x, y, color = ink, anchor = "start" }: {
    x: number;
    y: number;
    color?: string;
    anchor?: "start" | "middle" | "end";
  },
): Plot.Markish {
  return Plot.text([[x, y]], {
    text: [text],
    fill: color,
    textAnchor: anchor,
    stroke: "white",
    strokeWidth: 4,
    paintOrder: "stroke",
  });
}

/**
 * Corners of the ellipse at `radius` standard deviations of a Gaussian over two weights, (w − m)ᵀ Σ⁻¹ (w − m) = `radius`²,
 * from the lower triangular factor L of its precision Σ⁻¹ = L Lᵀ. The last corner is the first.
 */
export function ellipse(
  { mean, precisionCholesky: { data: [a, , b, c] } }: {
    mean: ArrayLike<number>;
    precisionCholesky: Matrix;
  },
  { radius = 1, corners = 60 } = {},
): [number, number][] {
  return Array.from({ length: corners + 1 }, (_, k) => {
    const angle = 2 * Math.PI * (k % corners) / corners;
    const v = radius * Math.sin(angle) / c; // Lᵀ(w − m) = radius (cos, sin)
    return [mean[0] + (radius * Math.cos(angle) - b * v) / a, mean[1] + v];
  });
}

/** The marks of a Gaussian over two weights: its ellipses of one, two and three deviations, which hold 39%, 86% and 99%. */
export function gaussianEllipses(
  gaussian: Parameters<typeof ellipse>[0],
  { color = colors.blue, radii = [3, 2, 1] }: { color?: string; radii?: number[] } = {},
): Plot.Markish[] {
  return radii.map((radius) =>
    Plot.line(ellipse(gaussian, { radius }), {
      fill: color,
      fillOpacity: 0.2,
      stroke: color,
      strokeOpacity: 0.5,
      clip: true,
    })
  );
}
