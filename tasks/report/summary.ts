/**
 * The report's last chapter: every statement of the course report, what was measured here, and what is published.
 *
 * @module
 */
import { verdicts } from "../../lib/metrics/verdict.ts";
import { tableMarkdown, tableOf } from "../../lib/notebook/markdown.ts";
import { list } from "../../lib/notebook/numbers.ts";
import { fenced } from "./chapter.ts";
import { claimsOf } from "./notebooks.ts";

/** Each verdict as a predicate of several statements. */
const predicates = {
  "holds": "hold",
  "in part": "hold in part",
  "fails": "fail",
  "not reproduced here": "were not reproduced here",
};

/** The rule of lib/metrics/verdict.ts in words. */
const rule =
  "A statement has one part or several, each a measured quantity and a threshold. A part holds where the whole interval lies " +
  "on the stated side of the threshold, and fails where it lies on the other; equality holds where the interval contains the value. " +
  "A statement **holds** where all its parts hold, and holds **in part** where only some do. Where none does, it **fails** if it was tested under its own " +
  "conditions, and was **not reproduced here** if the conditions were others (another network, another training) or if every interval lies on both sides.";

/** The chapter in Markdown, from the claims of `notebooks`. */
export async function summary(notebooks: string[]): Promise<string> {
  const claims = (await Promise.all(notebooks.map(claimsOf))).flat();
  const counts = verdicts.map((verdict) =>
    `${claims.filter((claim) => claim.verdict === verdict).length} ${predicates[verdict]}`
  );
  const rows = claims.map(({ id, statement, measured, verdict, published }) => ({
    id,
    statement,
    verdict: `**${verdict}**: ${measured}${published ? `. Published: ${published}` : ""}`,
  }));
  return [
    fenced("the summary of the claims", "`", "{=place}"),
    "# Summary",
    claims.length === 0
      ? "No notebook closes with a table of claims."
      : `Of ${claims.length} statements of the course report [@nedjar2025], ${list(counts)}. ` +
        "The chapters say how each was measured. Published numbers are of other networks, and of other images of SVHN.",
    rule,
    ...(claims.length === 0 ? [] : [
      ":::::: {#tbl:claims-summary .table}",
      tableMarkdown(
        tableOf(rows, {
          id: "",
          statement: "The course report",
          verdict: "Verdict, here and in the literature",
        }),
        { pandoc: true },
      ),
      "Every statement of the course report, what was measured here, and published numbers where there are any.",
      "::::::",
    ]),
  ].join("\n\n") + "\n";
}
