/**
 * One look for every figure: the colours of Okabe and Ito, one open font, one set of sizes, on a white ground.
 *
 * @module
 */

/**
 * Eight colours that readers with any kind of colour vision tell apart.
 *
 * Source: M. Okabe and K. Ito, Color Universal Design, 2008; B. Wong, Nature Methods 8, 441 (2011).
 */
export const colors = {
  black: "#000000",
  orange: "#e69f00",
  skyBlue: "#56b4e9",
  green: "#009e73",
  yellow: "#f0e442",
  blue: "#0072b2",
  vermilion: "#d55e00",
  purple: "#cc79a7",
  grey: "#8c8c8c",
} as const;

/** The colours of up to six categories, in the order in which a figure uses them. */
export const palette: string[] = [
  colors.blue,
  colors.vermilion,
  colors.green,
  colors.purple,
  colors.orange,
  colors.skyBlue,
];

/** Sizes in pixels of a figure as wide as the report's column; `half` is for two panels side by side. */
export const size = { width: 640, height: 360, half: 320, font: 13 } as const;

/** The font that every figure names; the report embeds it. */
export const fontFamily = "Source Sans 3";

/** The colour of axes and text. */
export const ink = "#1a1a1a";
