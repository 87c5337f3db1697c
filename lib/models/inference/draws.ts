/**
 * What whatever draws takes: a source of randomness, and how many draws.
 *
 * @module
 */
import { checkOptions, checkWhole } from "../../checks.ts";
import { checkRandom, type Random } from "../../random.ts";

/** How draws are made. */
export interface DrawOptions {
  /** The source of randomness. */
  readonly random: Random;
  /** S, how many: 100 unless said otherwise. */
  readonly samples?: number;
}

/**
 * `options` with their default, once they are usable; `name` is what an error calls the function that takes them.
 *
 * @throws {TypeError} where there is no `random`, or an option is unknown.
 * @throws {RangeError} where `samples` is not a whole number of at least 1.
 */
export function checkDraws(name: string, options: DrawOptions): Required<DrawOptions> {
  const { random, samples = 100 } = checkOptions(name, options, ["random", "samples"]);
  return {
    random: checkRandom(name, random),
    samples: checkWhole("samples", samples, { least: 1 }),
  };
}
