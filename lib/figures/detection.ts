/**
 * Figures of out-of-distribution detection: one small panel for each score, so that none needs a legend.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import { auroc } from "../metrics/auroc.ts";
import type { Interval } from "../metrics/interval.ts";
import { rocCurve } from "../metrics/detection.ts";
import { type Figure, panels, plot } from "./plot.ts";
import { histogram } from "./points.ts";
import { panelTitle } from "./regression.ts";
import { colors, ink } from "./theme.ts";

/** The scores of one detector on the in-distribution, near and far sets. */
export interface ScoredSets {
  /** What the panel or the line is labelled with. */
  readonly name: string;
  /** The in-distribution scores. */
  readonly inDistribution: Float64Array;
  /** The scores of images that are close to the training images. */
  readonly near: Float64Array;
  /** The scores of images that are not. */
  readonly far: Float64Array;
}

/** The colour of each kind of image in every figure. */
export const kinds = { inDistribution: colors.black, near: colors.blue, far: colors.vermilion };

/** One detector's scores on two kinds of images, and how its curve is drawn. */
export interface RocLine {
  /** What the panel or the line is labelled with. */
  readonly name?: string;
  /** The colour. */
  readonly color: string;
  /** The in-distribution scores. */
  readonly inDistribution: Float64Array;
  /** The out-of-distribution scores. */
  readonly outOfDistribution: Float64Array;
}

/** ROC curves, out-of-distribution positive, each with its AUROC in its colour. */
export function rocPanel(lines: readonly RocLine[], options: Plot.PlotOptions): Figure {
  const scale = { domain: [0, 1], ticks: [0, 0.5, 1], label: null };
  return plot({
    marginTop: 28,
    ...options,
    x: { ...scale, ...options.x },
    y: { ...scale, ...options.y },
    marks: [
      Plot.line([[0, 0], [1, 1]], { stroke: colors.grey, strokeDasharray: "2 3" }),
      lines.map(({ name, color, inDistribution, outOfDistribution }, i) => [
        Plot.line(curve(inDistribution, outOfDistribution), { stroke: color, strokeWidth: 1.6 }),
        Plot.text([auroc(inDistribution, outOfDistribution)], {
          text: (area: number) => `${name ? `${name} ` : ""}${area.toFixed(3)}`,
          frameAnchor: "bottom-right",
          dx: -4,
          dy: -4 - 16 * (lines.length - 1 - i),
          fill: color,
        }),
      ]),
      options.marks,
    ],
  });
}

/** The ROC curves of each detector for near and far sets, a panel each. */
export function rocPanels(detectors: readonly ScoredSets[], { columns = 4 } = {}): Figure {
  return panels(
    detectors.map(({ name, inDistribution, near, far }, i) =>
      rocPanel([
        { color: kinds.near, inDistribution, outOfDistribution: near },
        { color: kinds.far, inDistribution, outOfDistribution: far },
      ], {
        ...panelSize(i, { columns }),
        ...(i % columns ? { y: { axis: null } } : {}),
        marks: [panelTitle(name)],
      })
    ),
    { columns },
  );
}

/** The distributions of each detector's scores on the three sets. */
export function scorePanels(detectors: readonly ScoredSets[], { columns = 4 } = {}): Figure {
  return panels(
    detectors.map(({ name, ...sets }, i) => {
      const domain = middleOf([sets.inDistribution, sets.near, sets.far]);
      if (typeof domain === "number") {
        return plot({
          ...panelSize(i, { columns }),
          x: { axis: null },
          y: { axis: null },
          marks: [
            Plot.text([`every score is ${Number(domain.toPrecision(3))}`], {
              frameAnchor: "middle",
            }),
            panelTitle(name),
          ],
        });
      }
      return plot({
        ...panelSize(i, { columns }),
        x: { domain, ticks: 2, label: null },
        y: { axis: null },
        marks: [
          (["inDistribution", "near", "far"] as const).map((kind) => {
            const bins = histogram(sets[kind], domain);
            return [
              Plot.areaY(bins, { x: "0", y: "1", fill: kinds[kind], fillOpacity: 0.12 }),
              Plot.line(bins, { x: "0", y: "1", stroke: kinds[kind], strokeWidth: 1.4 }),
            ];
          }),
          Plot.ruleY([0], { stroke: ink }),
          panelTitle(name),
        ],
      });
    }),
    { columns },
  );
}

/** Intervals by name, in one panel; `published` values, where there are any, as crosses. */
export function intervalPanel(
  rows: readonly (Interval & { readonly name: string; readonly published?: number })[],
  { title, label, color }: { title: string; label: string; color: string },
): Figure {
  return plot({
    width: 316,
    height: 50 + 22 * rows.length,
    marginLeft: 136,
    marginTop: 28,
    x: { label, grid: true },
    y: { domain: rows.map(({ name }) => name), label: null },
    marks: [
      Plot.link(rows, { x1: "low", x2: "high", y1: "name", y2: "name", stroke: color }),
      Plot.dot(rows, { x: "estimate", y: "name", fill: color, r: 3 }),
      Plot.dot(rows.filter((row) => row.published !== undefined), {
        x: "published",
        y: "name",
        symbol: "times",
        stroke: ink,
        r: 4,
      }),
      panelTitle(title),
    ],
  });
}

function panelSize(i: number, { columns }: { columns: number }) {
  const width = Math.floor((640 - 8 * (columns - 1)) / columns);
  return {
    width,
    height: 150,
    marginLeft: i % columns === 0 ? 30 : 12,
    marginTop: 28,
    marginRight: 8,
    marginBottom: 26,
  };
}

/** The range that holds all but the outermost 1% of the scores, or all where those are equal, or the one value of all. */
function middleOf(sets: Float64Array[]): [number, number] | number {
  const all = new Float64Array(sets.reduce((sum, { length }) => sum + length, 0));
  let filled = 0;
  for (const scores of sets) {
    all.set(scores, filled);
    filled += scores.length;
  }
  all.sort();
  const at = (share: number) => all[Math.floor(share * (all.length - 1))];
  const [low, high] = [at(0.005), at(0.995)];
  if (low < high) return [low, high];
  return all[0] < all[all.length - 1] ? [all[0], all[all.length - 1]] : all[0];
}

/** The ROC curve's points, thinned to those that a small panel can show. */
function curve(inDistribution: Float64Array, outOfDistribution: Float64Array): [number, number][] {
  const { falsePositiveRate: x, truePositiveRate: y } = rocCurve(inDistribution, outOfDistribution);
  const points: [number, number][] = [[0, 0]];
  for (let k = 1; k < x.length; k++) {
    const [lastX, lastY] = points.at(-1)!;
    if (x[k] - lastX + (y[k] - lastY) >= 0.01 || k === x.length - 1) points.push([x[k], y[k]]);
  }
  return points;
}
