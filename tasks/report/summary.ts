/**
 * The report's last chapter: every statement of the course report, what was measured here, and what is published.
 *
 * @module
 */
import { outputs, readNotebook } from "./notebooks.ts";
import { path } from "../shared/environment.ts";

/** The chapter in Markdown, from the closing tables of `notebooks` and report/published.json. */
export async function summary(notebooks: string[]): Promise<string> {
  const published = JSON.parse(await Deno.readTextFile(path("report/published.json")));
  const rows = (await Promise.all(notebooks.map(closingRows))).flat();
  const counts = Object.entries({
    holds: "hold",
    fails: "fail",
    "not testable here": "cannot be tested here",
  }).map(([verdict, they]) => `${rows.filter((row) => row.verdict === verdict).length} ${they}`);
  return [
    "# Summary",
    `Of ${rows.length} statements of the course report [@nedjar2025]: ${counts.join(", ")}. ` +
    "The chapters say how each was measured. Published numbers are of other networks, and of other images of SVHN.",
    "::: {#tbl:claims-summary .table}",
    [
      "| | The course report | Verdict, here and in the literature |",
      "| :-- | :-- | :-- |",
      ...rows.map(({ id, statement, measured, verdict }) => {
        const literature = published[id] ? `. Published: ${published[id]}` : "";
        return `| ${id} | ${statement} | **${verdict}**: ${measured}${literature} |`;
      }),
    ].join("\n"),
    ": Every statement of the course report, what was measured here, and published numbers where there are any.",
    ":::",
  ].join("\n\n") + "\n";
}

/** A row of a closing table, its cells as Markdown. */
interface Row {
  id: string;
  statement: string;
  measured: string;
  verdict: string;
}

/** The rows of a notebook's closing table. */
async function closingRows(notebook: string): Promise<Row[]> {
  const tables = outputs(await readNotebook(notebook)).flatMap(({ metadata }) =>
    metadata?.table ?? []
  );
  const closing = tables.find(({ name }) => name.startsWith("claims-week-"));
  return (closing?.markdown.split("\n").slice(2) ?? []).map((line) => {
    const [id, statement, measured, verdict] = line.split(/(?<!\\)\|/).slice(1, -1).map((cell) =>
      cell.trim()
    );
    return { id, statement, measured, verdict };
  });
}
