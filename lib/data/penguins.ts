/**
 * The Palmer penguins: four measurements of three species, from the npm package `vega-datasets`.
 *
 * Data: Dr. Kristen Gorman, University of Alaska Fairbanks, and the Palmer Station Long Term Ecological Research Program;
 * Gorman, Williams and Fraser, PLoS ONE 9 (2014) e90081; A. M. Horst, A. P. Hill and K. B. Gorman, palmerpenguins (2020).
 *
 * @module
 */
import { zeros } from "../linear_algebra/mod.ts";
import type { Labelled } from "./labelled.ts";

/** The classes 0, 1 and 2. */
export const species = ["Adelie", "Chinstrap", "Gentoo"] as const;

/** The columns of X. */
export const measurements = [
  "Beak Length (mm)",
  "Beak Depth (mm)",
  "Flipper Length (mm)",
  "Body Mass (g)",
] as const;

/** The penguins of which everything is known. */
export interface Penguins extends Labelled {
  /** Rows of the table that are not here: with an empty field, or with "." for the sex. */
  readonly dropped: { readonly empty: number; readonly dot: number };
}

/**
 * Beak length and depth, flipper length (mm) and body mass (g) of each penguin, N × 4, with its species.
 *
 * @throws {Error} where the package is not installed.
 * @throws {SyntaxError} where the file does not hold the table that it should.
 */
export async function readPenguins(): Promise<Penguins> {
  // The table is not an export of the package: it lies beside the folder of its entry point.
  const file = new URL("../data/penguins.json", import.meta.resolve("vega-datasets"));
  const text = await Deno.readTextFile(file).catch((cause) => {
    throw new Error(`Cannot read ${file.pathname}: run \`deno install\` in the project first`, {
      cause,
    });
  });
  return parsePenguins(text);
}

/**
 * The penguins in the text of `penguins.json`, an array of records.
 *
 * @throws {SyntaxError} where it is no such array, or a record is no penguin.
 */
export function parsePenguins(text: string): Penguins {
  const table: unknown = JSON.parse(text);
  if (!Array.isArray(table) || !table.every((it) => typeof it === "object" && it !== null)) {
    throw new SyntaxError("The penguins are an array of records");
  }
  const dropped = { empty: 0, dot: 0 };
  const complete = table.filter((record) => {
    if (Object.values(record).some((value) => value === null)) dropped.empty++;
    else if (record.Sex === ".") dropped.dot++;
    else return true;
    return false;
  });
  const X = zeros(complete.length, measurements.length);
  const labels = Int32Array.from(complete, (record, n) => {
    const label = species.indexOf(record.Species);
    const values = measurements.map((name) => record[name]);
    if (label < 0 || !values.every(Number.isFinite)) {
      throw new SyntaxError(`Not a penguin: ${JSON.stringify(record)}`);
    }
    X.data.set(values, n * measurements.length);
    return label;
  });
  if (complete.length === 0) throw new SyntaxError("The table has no complete penguin");
  return { X, labels, dropped };
}
