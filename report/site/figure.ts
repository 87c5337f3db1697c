/**
 * Observable Plot in a page, in the look of the report's figures; the ink follows the page's light or dark ground.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import { palette, size } from "../../lib/figures/theme.ts";
import type { Scales } from "./controls.ts";

/** A figure of a page: an SVG as wide as the space it stands in. */
export function figure(options: Plot.PlotOptions, label: string): Element & Scales {
  const axis = { labelAnchor: "center", labelArrow: "none" } as const;
  const drawn = Plot.plot({
    width: size.width,
    height: size.height,
    marginBottom: 42,
    marginLeft: 52,
    ...options,
    x: { ...axis, ...options.x },
    y: { ...axis, ...options.y },
    color: { range: palette, ...options.color },
    style: { fontSize: `${size.font}px`, background: "none", ...Object(options.style) },
  }) as unknown as Element & Scales;
  // To those who listen the figure is one image: its marks have no names of their own.
  for (const mark of drawn.querySelectorAll("[aria-label]")) mark.removeAttribute("aria-label");
  drawn.setAttribute("role", "img");
  drawn.setAttribute("aria-label", label);
  drawn.removeAttribute("width");
  drawn.removeAttribute("height");
  return drawn;
}

/** Puts `drawn` in the place of what the element holds. */
export function show(place: HTMLElement, drawn: Element): void {
  place.replaceChildren(drawn);
}
