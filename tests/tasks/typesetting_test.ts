import {
  assertEquals,
  assertMatch,
  assertNotMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { Problem } from "../../tasks/shared/task.ts";
import { pandoc } from "../../tasks/report/typesetting.ts";
import { finishPage } from "../../tasks/report/webpage.ts";

const chapter = String.raw`
# First chapter

$$ a = b \tag{sum} $$

Untagged: $$ c $$

## A section

See [equation (product)](#eq:product), [figure probe](#fig:probe), @fig:again, [the scores](#tbl:scores),
[there](#sec:a-section) and [Bishop 2006, section 3.3](../report/references.bib#bishop2006):
- a list without a blank line before it

:::::: {#fig:probe .figure file="$FIGURE"}
A drawing
::::::

:::::: {#fig:again .figure file="$FIGURE"}
Another [with $x|y$
::::::

::: {.table #tbl:scores}
| method | score |
| :-- | --: |
| Laplace | 0.5 |

The scores.
:::

:::: code
~~~~~~~~ typescript
const folded = 1;
~~~~~~~~
::::

$$ c = d \tag{product} $$
`;

/** Sets `text`, in which $FIGURE stands for the file of a drawing. */
async function typeset(format: "html5" | "typst", text: string): Promise<string> {
  const folder = await Deno.makeTempDir();
  const [figure, source] = ["figure.svg", "chapter.md"].map((name) => `${folder}/${name}`);
  try {
    await Deno.writeTextFile(figure, '<svg xmlns="http://www.w3.org/2000/svg" id="drawn"></svg>');
    await Deno.writeTextFile(source, text.replaceAll("$FIGURE", figure));
    return await pandoc(format, ["report/front.md", source]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const references = ["Equation 2", "Figure 1", "Figure 2", "Table 1", "Section 1.1"];

Deno.test("pandoc() numbers figures, tables, equations and sections alike in the page and in the print", async () => {
  const page = (await typeset("html5", chapter)).replaceAll("\u00a0", " ");
  const print = (await typeset("typst", chapter)).replace(/\u00a0|~/g, " ");
  const linked = [
    ...page.matchAll(
      /<a href="#[a-z]+:?[\w-]+"[^>]*>((?:Equation|Figure|Table|Section) [\d.]+)<\/a>/g,
    ),
  ];
  assertEquals(linked.map((match) => match[1]), references);
  const labels = ["eq:product", "fig:probe", "fig:again", "tbl:scores", "a-section"];
  labels.forEach((label, i) => assertStringIncludes(print, `#link(<${label}>)[${references[i]}]`));
  for (const label of labels) assertMatch(print, new RegExp(`(?<!link\\()<${label}>`));
  assertStringIncludes(page, "<strong>Figure 2.</strong> Another [with");
  assertStringIncludes(page, "<strong>Table 1.</strong> The scores.");
  assertStringIncludes(page, "\\tag{2}");
});

Deno.test("pandoc() puts drawings into the page, keeps code for the page alone, and cites", async () => {
  const page = await typeset("html5", chapter);
  const print = await typeset("typst", chapter);
  assertEquals(page.match(/id="drawn"/g)?.length, 2);
  assertMatch(page, /<details class="code">[^]*folded[^]*<\/details>/);
  assertNotMatch(print, /folded/);
  for (const text of [page, print]) assertMatch(text, /Bishop 2006[^)]{0,9}sec\. 3\.3/);
});

Deno.test("pandoc() refuses a reference that leads nowhere, an unknown source and a name given twice", async () => {
  const refused = (text: string, because: string) =>
    assertRejects(() => typeset("html5", text), Problem, because);
  await refused("See @fig:nothing.", "@fig:nothing refers to nothing");
  await refused("See [it](#fig:nothing).", "#fig:nothing refers to nothing");
  await refused("See [it](references.bib#nobody1999).", "nobody1999");
  const figure = ':::::: {#fig:a .figure file="$FIGURE"}\nA\n::::::';
  await refused("See [@nobody1999].", "nobody1999");
  await refused(`${figure}\n\n${figure}`, "fig:a is given twice");
});

Deno.test("finishPage() sets formulas and leaves nothing to be fetched", async () => {
  const page = await finishPage(await typeset("html5", chapter));
  assertEquals(page.match(/class="katex-display"/g)?.length, 3);
  assertMatch(page, /<span class="number">\(2\)<\/span>/);
  assertNotMatch(page, /\\tag|<script|<link|url\((?!data:)/);
  assertNotMatch(page, /<(img|iframe)[^>]+src="?https?:/);
});

Deno.test("finishPage() names a formula that cannot be set", async () => {
  await assertRejects(
    async () => await finishPage(await typeset("html5", "$$ \\nosuchcommand $$")),
    Problem,
    "\\nosuchcommand",
  );
});
