/**
 * Figures in one theme, as SVG: Observable Plot without a browser, and the marks that the course's figures are made of.
 *
 * ```ts
 * import { plot, svgText } from "./mod.ts";
 * import { assert } from "@std/assert";
 *
 * const svg = svgText(plot({}), { name: "empty", title: "Nothing", description: "A figure without marks" });
 * assert(svg.startsWith("<svg"));
 * ```
 *
 * @module
 */
// Any figure
export { type Figure, panels, plot, svgText } from "./plot.ts";
export { colors, fontFamily, ink, palette, size } from "./theme.ts";
// Regression
export {
  bandLabels,
  type Curve,
  dataPoints,
  ellipse,
  gaussianEllipses,
  label,
  panelTitle,
  predictionBands,
  truthLine,
} from "./regression.ts";
// Classification
export {
  classPoints,
  confidenceBands,
  confidenceKey,
  decisionMap,
  type Grid,
  reliability,
  squareGrid,
} from "./classification.ts";
// Detection and collapse
export {
  intervalPanel,
  kinds,
  type RocLine,
  rocPanel,
  rocPanels,
  type ScoredSets,
  scorePanels,
} from "./detection.ts";
export { cosineHistogram, cosineTriangle } from "./collapse.ts";
// Lines, each with its name at its end
export { type Line, namedLines } from "./epochs.ts";
export { imageRows } from "./images.ts";
