/**
 * Figures of the angles between classes, which neural collapse makes equal.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import { type Matrix, row } from "../linear_algebra/mod.ts";
import { type Figure, plot } from "./plot.ts";
import { panelTitle } from "./regression.ts";
import { colors, ink } from "./theme.ts";

/** The cosines of all pairs of C rows, as a matrix of squares below the diagonal. */
export function cosineTriangle(
  cosines: Matrix,
  { title, width = 316, height = 316 }: { title: string; width?: number; height?: number },
): Figure {
  const cells = Array.from(
    { length: cosines.rows },
    (_, c) => Array.from(row(cosines, c).subarray(0, c), (cosine, d) => ({ c, d, cosine })),
  ).flat();
  return plot({
    width,
    height,
    marginTop: 28,
    x: { domain: [0, cosines.rows], label: "class", ticks: [0, 50, 100] },
    y: { domain: [cosines.rows, 0], label: "class", ticks: [0, 50, 100] },
    color: { type: "diverging", scheme: "PuOr", domain: [-1, 1], pivot: 0, range: undefined },
    marks: [
      Plot.rect(cells, {
        x1: "d",
        x2: (cell: typeof cells[number]) => cell.d + 1,
        y1: "c",
        y2: (cell: typeof cells[number]) => cell.c + 1,
        fill: (cell: typeof cells[number]) => Math.round(20 * cell.cosine) / 20,
        inset: 0,
      }),
      panelTitle(title),
    ],
  });
}

/** How many pairs of classes have each cosine, beside the one value of full collapse. */
export function cosineHistogram(
  groups: readonly { name: string; cosines: Matrix; color: string }[],
  { title, width = 316, height = 316 }: { title: string; width?: number; height?: number },
): Figure {
  const ideal = -1 / (groups[0].cosines.rows - 1);
  const step = 0.04;
  return plot({
    width,
    height,
    marginTop: 28,
    x: { label: "cosine", domain: [-0.6, 1] },
    y: { label: "share of pairs", percent: true },
    marks: [
      groups.map(({ name, cosines, color }, g) => {
        const C = cosines.rows, bins = new Map<number, number>();
        cosines.data.forEach((cosine, k) => {
          if (k % (C + 1) === 0) return;
          const bin = Math.floor(cosine / step);
          bins.set(bin, (bins.get(bin) ?? 0) + 1 / (C * (C - 1)));
        });
        const points = [...bins].map(([bin, share]) => [(bin + 0.5) * step, share])
          .sort(([a], [b]) => a - b);
        return [
          Plot.areaY(points, { x: "0", y: "1", fill: color, fillOpacity: 0.12 }),
          Plot.line(points, { stroke: color, strokeWidth: 1.8 }),
          Plot.text([name], { frameAnchor: "top-right", dy: 16 + 18 * g, dx: -6, fill: color }),
        ];
      }),
      Plot.ruleX([ideal], { stroke: colors.black, strokeDasharray: "3 3" }),
      Plot.text(["−1/(C − 1)"], {
        frameAnchor: "top-right",
        dy: 16 + 18 * groups.length,
        dx: -6,
        fill: ink,
      }),
      panelTitle(title),
    ],
  });
}
