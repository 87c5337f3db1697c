import { assert, assertEquals } from "@std/assert";
import { verdicts } from "../lib/metrics/verdict.ts";
import { judged } from "../lib/notebook/claims.ts";
import {
  claimsOf,
  findNotebooks,
  joined,
  outputs,
  readNotebook,
} from "../tasks/report/notebooks.ts";

for (const file of await findNotebooks()) {
  const number = Number(/week-(\d+)/.exec(file)![1]), claims = await claimsOf(file);
  Deno.test(`${file} closes with a verdict on each of its ${claims.length} statements`, () => {
    // A statement that was left out leaves a gap in the numbers.
    assertEquals(claims.map(({ id }) => id), claims.map((_, i) => `W${number}.${i + 1}`));
    for (const { verdict } of claims) assertEquals(verdicts.includes(verdict), true);
  });

  Deno.test(`${file}: every verdict follows from what was measured`, () => {
    for (const claim of claims) {
      assertEquals("parts" in claim, true, claim.id);
      assertEquals(judged([claim], number)[0].verdict, claim.verdict, claim.id);
    }
  });
}

Deno.test("a notebook shows no reference in pandoc's notation, which Jupyter does not know", async () => {
  for (const file of await findNotebooks()) {
    const notebook = await readNotebook(file);
    const shown = [
      ...notebook.cells.filter((cell) => cell.cell_type === "markdown").map(({ source }) => source),
      ...outputs(notebook).flatMap(({ data }) => data?.["text/markdown"] ?? []),
    ].map(joined);
    for (const text of shown) assertEquals(/(?<!\\w)@(fig|tbl|eq|sec):|\[@/.exec(text), null, text);
  }
});

Deno.test("README says what its detector turns away as week 3 has measured it", async () => {
  const [file] = await findNotebooks(["week-3"]);
  const readme = await Deno.readTextFile(new URL("../README.md", import.meta.url));
  const { rows } = outputs(await readNotebook(file)).flatMap(({ metadata }) =>
    metadata?.table ?? []
  )
    .find(({ name }) => name === "decisions")!;
  const shares = rows.find(([name]) => name === "Relative Mahalanobis")!.slice(-2);
  for (const share of shares) assert(readme.includes(share.split(" ")[0]), share);
});
