/**
 * Figures of what changes while a network trains: lines over epochs, each named at its end.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import { type Figure, plot } from "./plot.ts";
import { extentOf, thinned } from "./points.ts";
import { panelTitle } from "./regression.ts";
import { palette } from "./theme.ts";

/** A named line; `color` where the order of the palette does not serve. */
export interface Line {
  /** What the line is labelled with. */
  readonly name: string;
  /** The points, in order. */
  readonly points: readonly (readonly [x: number, y: number])[];
  /** The colour. */
  readonly color?: string;
  /** As SVG's stroke-dasharray. */
  readonly dash?: string;
}

/** Lines over one horizontal axis, each named in its colour to the right of its end. */
export function namedLines(
  lines: readonly Line[],
  {
    title,
    width = 316,
    height = 250,
    marginLeft = 52,
    marginRight = 92,
    x = { label: "epoch" },
    y,
    marks = [],
  }: {
    title?: string;
    width?: number;
    height?: number;
    marginLeft?: number;
    marginRight?: number;
    x?: Plot.ScaleOptions;
    y?: Plot.ScaleOptions;
    marks?: Plot.Markish[];
  } = {},
): Figure {
  const color = (line: Line, i: number) => line.color ?? palette[i % palette.length];
  const empty = lines.find(({ points }) => points.length === 0);
  if (empty) throw new RangeError(`The line "${empty.name}" has no point`);
  const scale = (value: number) => y?.type === "log" ? Math.log(value) : value;
  const values = lines.flatMap(({ points }) => points.map(([, value]) => value));
  const [low, high] = (y?.domain as number[] | undefined) ??
    extentOf(y?.zero ? [0, ...values] : values);
  if (y?.type === "log" && low <= 0) {
    throw new RangeError(`A logarithmic axis needs values above 0, got ${low}`);
  }
  const marginTop = title ? 28 : 12, marginBottom = 42, frame = height - marginTop - marginBottom;
  const pixels = (value: number) =>
    frame * (scale(high) - scale(value)) / (scale(high) - scale(low));
  const ends = lines.map(({ points }) => pixels(points.at(-1)![1]));
  const shifts = spread(ends.map((end) => Math.min(frame, Math.max(0, end))), 15)
    .map((place, i) => place - ends[i]);
  return plot({
    width,
    height,
    marginTop,
    marginBottom,
    marginLeft,
    marginRight,
    x,
    y: { grid: true, domain: [low, high], ...y },
    marks: [
      ...marks,
      lines.map((line, i) => [
        Plot.line(thinned(line.points), {
          stroke: color(line, i),
          strokeWidth: 1.8,
          strokeDasharray: line.dash,
          clip: true,
        }),
        line.points.length === 1 ? Plot.dot(line.points, { fill: color(line, i), r: 3 }) : null,
        Plot.text([line.points.at(-1)!], {
          text: [line.name],
          fill: color(line, i),
          textAnchor: "start",
          dx: 5,
          dy: shifts[i],
        }),
      ]),
      title ? panelTitle(title) : null,
    ],
  });
}

/** The `positions` moved so that neighbours are at least `gap` apart. */
function spread(positions: number[], gap: number): number[] {
  const order = positions.map((_, i) => i).sort((i, j) => positions[i] - positions[j]);
  const moved = positions.slice();
  for (let pass = 0; pass < 50; pass++) {
    for (let k = 1; k < order.length; k++) {
      const overlap = gap - (moved[order[k]] - moved[order[k - 1]]);
      if (overlap <= 0) continue;
      moved[order[k - 1]] -= overlap / 2;
      moved[order[k]] += overlap / 2;
    }
  }
  return moved;
}
