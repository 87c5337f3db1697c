/**
 * Figures of classifiers: decision maps on one scale of confidence, reliability diagrams.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import type { Labelled } from "../data/labelled.ts";
import { type Matrix, row } from "../linear_algebra/mod.ts";
import type { CalibrationBin } from "../metrics/calibration.ts";
import { type Figure, plot } from "./plot.ts";
import { panelTitle } from "./regression.ts";
import { colors, ink, size } from "./theme.ts";

/** The bands of confidence, from ½ on, and their colours from light to dark. */
export const confidenceBands = {
  thresholds: [0.6, 0.7, 0.8, 0.9, 0.95, 0.99],
  range: ["#f7f7f7", "#dceaf4", "#b9d5ea", "#8bbcdc", "#5a9bc7", "#2c75a8", "#0b4a7a"],
};

/** A regular grid of points in the plane. */
export interface Grid {
  /** The smallest coordinate, of both axes. */
  readonly low: number;
  /** The largest coordinate, of both axes. */
  readonly high: number;
  /** Points along each side. */
  readonly side: number;
  /** The points, side² × 2, x running fastest. */
  readonly X: Matrix;
}

/** `side` × `side` points that span the square from `low` to `high`. */
export function squareGrid(
  { low, high, side = 41 }: { low: number; high: number; side?: number },
): Grid {
  const at = (i: number) => low + (high - low) * i / (side - 1);
  const data = new Float64Array(2 * side * side);
  for (let i = 0; i < side * side; i++) data.set([at(i % side), at(Math.floor(i / side))], 2 * i);
  return { low, high, side, X: { rows: side * side, columns: 2, data } };
}

/**
 * A two-class prediction over the plane: bands of confidence max(p, 1 − p), the boundary p = ½ as a black line, and points.
 *
 * @param probabilities side² × 2, in the order of `grid.X`.
 */
export function decisionMap(
  { grid: { low, high, side }, probabilities }: { grid: Grid; probabilities: Matrix },
  { title, data, drawn = 60, extent = size.half / 2, axes = true }: {
    title: string;
    data?: Labelled;
    /** How many of the points are drawn, the first ones. */
    drawn?: number;
    /** Width and height of the panel in pixels. */
    extent?: number;
    axes?: boolean;
  },
): Figure {
  const half = (high - low) / (side - 1) / 2; // each value stands for a cell around its point
  const lattice = {
    width: side,
    height: side,
    x1: low - half,
    x2: high + half,
    y1: low - half,
    y2: high + half,
    clip: true,
  };
  const p = Array.from({ length: side * side }, (_, n) => row(probabilities, n)[1]);
  const scale = { domain: [low, high], ticks: axes ? ticksOf(low, high) : [], label: null };
  const figure = plot({
    width: extent,
    height: extent + 12,
    marginLeft: axes ? 30 : 4,
    marginRight: 4,
    marginTop: 24,
    marginBottom: axes ? 22 : 4,
    x: scale,
    y: scale,
    color: {
      type: "threshold",
      domain: confidenceBands.thresholds,
      range: confidenceBands.range,
    },
    marks: [
      Plot.frame({ fill: confidenceBands.range[0], stroke: null }),
      Plot.contour(p.map((one) => Math.max(one, 1 - one)), {
        ...lattice,
        fill: Plot.identity,
        thresholds: confidenceBands.thresholds,
      }),
      Plot.contour(p, { ...lattice, stroke: "black", strokeWidth: 1.2, thresholds: [0.5] }),
      data ? classPoints(data, { drawn }) : null,
      Plot.frame({ stroke: ink, strokeOpacity: 0.4 }),
      panelTitle(title),
    ],
  });
  for (const path of figure.querySelectorAll("path[d]")) {
    path.setAttribute("d", simplified(path.getAttribute("d")!));
  }
  return figure;
}

/** A path of straight lines without the corners that lie within 0.15 pixels of the line past them, to a tenth of a pixel. */
function simplified(d: string): string {
  return d.replace(/[^MZ]+/g, (line) => {
    if (/[a-z]/i.test(line.replaceAll("L", ""))) return line; // not made of straight lines
    const corners = line.split("L").map((corner) => corner.split(",").map(Number));
    const kept = corners.slice(0, 1);
    for (let i = 1, skipped: number[][] = []; i < corners.length; i++) {
      const [[x, y], next] = [kept.at(-1)!, corners[i + 1]];
      skipped.push(corners[i]);
      const length = next ? Math.hypot(next[0] - x, next[1] - y) : 0;
      const straight = length > 0 &&
        skipped.every(([a, b]) =>
          Math.abs((next[0] - x) * (b - y) - (next[1] - y) * (a - x)) < 0.15 * length
        );
      if (straight) continue;
      kept.push(corners[i]);
      skipped = [];
    }
    return kept.map((corner) => corner.map((c) => Math.round(10 * c) / 10).join()).join("L");
  });
}

/** The middle of a range and whole numbers halfway to its ends. */
function ticksOf(low: number, high: number): number[] {
  const middle = Math.round((low + high) / 2), half = Math.round((high - low) / 4);
  return [middle - half, middle, middle + half];
}

/** Points of two or three classes in the plane: vermilion circles, orange triangles, green squares. */
export function classPoints({ X, labels }: Labelled, { drawn = X.rows } = {}): Plot.Markish {
  const points = Array.from({ length: Math.min(drawn, X.rows) }, (_, n) => n);
  return [
    { symbol: "circle", fill: colors.vermilion },
    { symbol: "triangle", fill: colors.orange },
    { symbol: "square", fill: colors.green },
  ].map(({ symbol, fill }, label) =>
    Plot.dot(points.filter((n) => labels[n] === label), {
      x: (n: number) => row(X, n)[0],
      y: (n: number) => row(X, n)[1],
      symbol: symbol as Plot.SymbolType,
      fill,
      stroke: "white",
      strokeWidth: 0.4,
      r: 2,
      clip: true,
    })
  );
}

/** The key of the bands of confidence, a strip as wide as the figure above it. */
export function confidenceKey({ width = size.width }: { width?: number } = {}): Figure {
  const { thresholds, range } = confidenceBands;
  const edges = [0.5, ...thresholds, 1];
  const cells = range.map((fill, i) => ({ fill, from: i, to: i + 1 }));
  return plot({
    width,
    height: 64,
    marginTop: 4,
    marginBottom: 42,
    marginLeft: width / 4,
    marginRight: width / 4,
    x: {
      domain: [0, range.length],
      ticks: edges.map((_, i) => i),
      tickFormat: (i: number) => String(edges[i]),
      label: "confidence, max(p, 1 − p)",
      labelOffset: 36,
    },
    y: { axis: null, domain: [0, 1] },
    marks: [
      Plot.rect(cells, {
        x1: "from",
        x2: "to",
        y1: 0,
        y2: 1,
        fill: "fill",
        stroke: ink,
        strokeOpacity: 0.3,
      }),
    ],
  });
}

/** A reliability diagram: accuracy against mean confidence in each bin, the size of a dot showing its share of the points. */
export function reliability(
  bins: readonly CalibrationBin[],
  { title, width = size.half / 2, low = 0.5, label = true }: {
    title: string;
    width?: number;
    low?: number;
    label?: boolean;
  },
): Figure {
  const filled = bins.filter((bin) => bin.count > 0);
  const total = filled.reduce((sum, bin) => sum + bin.count, 0);
  const scale = { domain: [low, 1], ticks: [0.4, 0.6, 0.8, 1], tickFormat: ".1f" };
  return plot({
    width,
    height: width + 18,
    marginLeft: label ? 46 : 30,
    marginRight: 12,
    marginTop: 24,
    marginBottom: 38,
    x: { ...scale, label: "confidence" },
    y: { ...scale, label: label ? "accuracy" : null },
    r: { type: "identity" },
    marks: [
      Plot.line([[low, low], [1, 1]], { stroke: ink, strokeOpacity: 0.5, strokeDasharray: "4 3" }),
      Plot.ruleX(filled, {
        x: "confidence",
        y1: "confidence",
        y2: "accuracy",
        stroke: colors.vermilion,
        clip: true,
      }),
      Plot.dot(filled, {
        x: "confidence",
        y: (bin: CalibrationBin) => Math.max(bin.accuracy, low),
        r: (bin: CalibrationBin) => 2 + 6 * Math.sqrt(bin.count / total),
        fill: colors.blue,
        fillOpacity: 0.75,
      }),
      Plot.frame({ stroke: ink, strokeOpacity: 0.4 }),
      panelTitle(title),
    ],
  });
}
