/**
 * The Mauna Loa record of carbon dioxide in the air, from the npm package `vega-datasets`.
 *
 * @module
 */
import { csvParseRows } from "d3-dsv";

/** Monthly means, oldest first. */
export interface CarbonDioxideRecord {
  /** The middle of each month, in years: 1958.2083 is the middle of March 1958. */
  readonly year: Float64Array;
  /** Mole fraction of CO2 in dry air, in parts per million. */
  readonly ppm: Float64Array;
  /** The months without a value between the first and the last, as "1958-06". */
  readonly missing: readonly string[];
}

/**
 * Monthly mean carbon dioxide at Mauna Loa, March 1958 to April 2020; five months have no value.
 *
 * Data: C. D. Keeling, Scripps Institution of Oceanography, and NOAA Global Monitoring Laboratory.
 *
 * @throws {Error} where the package is not installed.
 * @throws {SyntaxError} where the file does not hold the table that it should.
 */
export async function readCarbonDioxide(): Promise<CarbonDioxideRecord> {
  // The table is not an export of the package: it lies beside the folder of its entry point.
  const file = new URL("../data/co2-concentration.csv", import.meta.resolve("vega-datasets"));
  const text = await Deno.readTextFile(file).catch((cause) => {
    throw new Error(`Cannot read ${file.pathname}: run \`deno install\` in the project first`, {
      cause,
    });
  });
  return parseCarbonDioxide(text);
}

/**
 * The record in the text of `co2-concentration.csv`, columns Date, CO2 and adjusted CO2.
 *
 * @throws {SyntaxError} where it has no months, or one of them is no month, has no value, or is there twice.
 */
export function parseCarbonDioxide(text: string): CarbonDioxideRecord {
  const [header = [], ...rows] = csvParseRows(text.trim());
  if (header[0] !== "Date" || header[1] !== "CO2") {
    throw new SyntaxError(`The CO2 table starts with the columns Date,CO2, got "${header}"`);
  }
  const months = new Map<number, number>();
  for (const row of rows) {
    const [, year, month] = /^(\d{4})-(0[1-9]|1[0-2])-\d{2}$/.exec(row[0]) ?? [];
    if (month === undefined || !/^\d+(\.\d*)?$/.test(row[1])) {
      throw new SyntaxError(`Not a month of the CO2 table: "${row}"`);
    }
    const number = 12 * Number(year) + Number(month) - 1;
    if (months.has(number)) {
      throw new SyntaxError(`The CO2 table has ${year}-${month} twice: "${row}"`);
    }
    months.set(number, Number(row[1]));
  }
  if (months.size === 0) throw new SyntaxError("The CO2 table has no months, only a header");
  const present = [...months.keys()].sort((a, b) => a - b);
  const missing: string[] = [];
  for (let month = present[0]; month < present.at(-1)!; month++) {
    if (!months.has(month)) {
      missing.push(`${Math.floor(month / 12)}-${String(month % 12 + 1).padStart(2, "0")}`);
    }
  }
  return {
    year: Float64Array.from(present, (month) => (month + 0.5) / 12),
    ppm: Float64Array.from(present, (month) => months.get(month)!),
    missing,
  };
}
