/**
 * The closing table of a week: each statement of the course report, what was measured, and the verdict that follows.
 *
 * @module
 */
import { type Part, type Verdict, verdict, verdicts } from "../metrics/verdict.ts";

/** A statement of the course report and what a notebook measured of it; texts are Markdown. */
export type Claim =
  & {
    /** Its number, such as `W1.3`. */
    readonly id: string;
    readonly statement: string;
    /** The numbers that decide, with their intervals, in words. */
    readonly measured: string;
    /** Published numbers of the same quantities, with their source. */
    readonly published?: string;
  }
  & (
    | {
      readonly parts: readonly Part[];
      /** Where these are not the statement's own, such as another network; its failure here is then none of its own. */
      readonly otherConditions?: string;
    }
    | {
      /** For what no number decides. */
      readonly verdict: Verdict;
    }
  );

/** A claim with its verdict, as the metadata of the closing table hold it. */
export type Judged = Claim & { readonly verdict: Verdict };

/**
 * The claims of week `number` with their verdicts.
 *
 * @throws {RangeError} where an id is not of that week or is given twice, or a verdict is none of the four.
 */
export function judged(claims: readonly Claim[], number: number): Judged[] {
  const ids = new Set<string>();
  return claims.map((claim) => {
    if (!new RegExp(`^W${number}\\.[1-9]\\d*$`).test(claim.id) || ids.has(claim.id)) {
      throw new RangeError(
        `A statement of week ${number} has an id of its own such as W${number}.1, got "${claim.id}"`,
      );
    }
    ids.add(claim.id);
    if ("parts" in claim) {
      return {
        ...claim,
        verdict: verdict(claim.parts, { sameConditions: !claim.otherConditions }),
      };
    }
    if (verdicts.includes(claim.verdict)) return claim;
    throw new RangeError(
      `The verdict on ${claim.id} is ${verdicts.join(", ")}, got "${claim.verdict}"`,
    );
  });
}
