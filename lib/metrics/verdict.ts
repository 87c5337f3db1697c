/**
 * The verdict on a statement, from what was measured: one rule for all of them.
 *
 * @module
 */

/** What a verdict can be. */
export const verdicts = ["holds", "in part", "fails", "not reproduced here"] as const;

/** What a verdict can be. */
export type Verdict = typeof verdicts[number];

/** A part of a statement: that a quantity lies above or below a threshold, or equals a value. */
export type Part =
  & {
    /** What was measured, in words. */
    readonly quantity: string;
    readonly estimate: number;
    /** The ends of its interval; by default the estimate, as of what is computed exactly. */
    readonly low?: number;
    readonly high?: number;
  }
  & (
    | { readonly above: number }
    | { readonly below: number }
    | { readonly equals: number }
  );

/**
 * Whether a part holds: by its interval, which lies on the stated side of the threshold (it **holds**), on the other side
 * (it **fails**), or on both (**undecided**). An equality holds where the interval contains the value and fails elsewhere.
 *
 * @throws {RangeError} where a number is NaN, the interval does not contain the estimate, or there is no threshold.
 */
export function partVerdict(part: Part): "holds" | "fails" | "undecided" {
  const { quantity, estimate, low = estimate, high = estimate } = part;
  if (!(low <= estimate && estimate <= high)) {
    throw new RangeError(
      `An interval contains its estimate, got ${estimate} in [${low}, ${high}] for "${quantity}"`,
    );
  }
  const compare = (threshold: number, holds: boolean, fails: boolean) => {
    if (Number.isNaN(threshold)) throw new RangeError(`The threshold of "${quantity}" is NaN`);
    return holds ? "holds" : fails ? "fails" : "undecided";
  };
  if ("above" in part) return compare(part.above, low > part.above, high <= part.above);
  if ("below" in part) return compare(part.below, high < part.below, low >= part.below);
  if ("equals" in part) {
    const within = low <= part.equals && part.equals <= high;
    return compare(part.equals, within, !within);
  }
  throw new RangeError(`"${quantity}" needs above, below or equals: a value to be compared with`);
}

/**
 * The verdict on a statement from its parts:
 *
 * - **holds**: every part holds;
 * - **in part**: some parts hold, others do not;
 * - **fails**: none holds and one fails, under the statement's own conditions;
 * - **not reproduced here**: none holds, and either the conditions are others (another network, another training), or
 *   nothing was decided.
 *
 * @throws {RangeError} where there is no part, or a part cannot be compared.
 * @example
 * ```ts
 * import { verdict } from "./verdict.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const auroc = { quantity: "AUROC", estimate: 0.53, low: 0.52, high: 0.54 };
 * assertEquals(verdict([{ ...auroc, above: 0.5 }]), "holds");
 * assertEquals(verdict([{ ...auroc, above: 0.5 }, { ...auroc, below: 0.525 }]), "in part");
 * assertEquals(verdict([{ ...auroc, below: 0.5 }]), "fails");
 * assertEquals(verdict([{ ...auroc, below: 0.5 }], { sameConditions: false }), "not reproduced here");
 * ```
 */
export function verdict(
  parts: readonly Part[],
  { sameConditions = true }: { sameConditions?: boolean } = {},
): Verdict {
  if (parts.length === 0) throw new RangeError("A verdict needs at least one measured part");
  const outcomes = parts.map(partVerdict);
  if (outcomes.every((it) => it === "holds")) return "holds";
  if (outcomes.includes("holds")) return "in part";
  return sameConditions && outcomes.includes("fails") ? "fails" : "not reproduced here";
}
