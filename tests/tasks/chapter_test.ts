import {
  assert,
  assertEquals,
  assertNotMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { plot, svgText } from "../../lib/figures/plot.ts";
import { markdown, plain, tableOf } from "../../lib/notebook/markdown.ts";
import { seeded } from "../../lib/random.ts";
import { exportChapter } from "../../tasks/report/chapter.ts";
import type { Notebook, Output } from "../../tasks/report/notebooks.ts";
import { pandoc, typst } from "../../tasks/report/typesetting.ts";
import { finishPage } from "../../tasks/report/webpage.ts";
import { outcome, Problem } from "../../tasks/shared/task.ts";
import { path } from "../../tasks/shared/environment.ts";

/** The notebook as a chapter, in a folder of the project that goes afterwards; `use` gets the chapter and the folder. */
async function chapterOf(
  cells: Notebook["cells"],
  use: (chapter: string, folder: string) => Promise<void>,
) {
  await Deno.mkdir(path(".venv/report"), { recursive: true });
  const folder = await Deno.makeTempDir({ dir: path(".venv/report") });
  try {
    const file = `${folder.slice(path("").length)}/week-4-trial.ipynb`;
    await Deno.writeTextFile(path(file), JSON.stringify({ cells }));
    await use(await exportChapter(file, folder), folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a picture that cannot be shown is named with its notebook and cell", async () => {
  for (
    const [markdown, because] of [
      ["![mine](photo.png)", "photo.png is not beside the notebook"],
      ["![mine](https://example.org/photo.png)", "without a network"],
      ["![mine](photo.bmp)", "it can be png, jpg, gif, webp or svg"],
      ["![mine](attachment:gone.png)", "gone.png is not in the notebook: paste it again"],
      ['<img src="photo.png">', "write ![caption](file)"],
    ]
  ) {
    const cells = [{ cell_type: "markdown", source: "# T" }, {
      cell_type: "markdown",
      source: ["a\n", markdown],
    }];
    const error = await assertRejects(
      () =>
        chapterOf(
          cells,
          async (chapter) => void await pandoc("html5", ["report/front.md", chapter]),
        ),
      Problem,
      because,
    );
    assertStringIncludes(error.message, "week-4-trial.ipynb, markdown cell 2 of 2");
    assertNotMatch(error.message, /traceback|\\.lua/i);
  }
});

/** `length` characters drawn from `ranges` of code points. */
function letters(
  random: ReturnType<typeof seeded>,
  length: number,
  ranges: [number, number][],
): string {
  return Array.from({ length }, () => {
    const [from, to] = ranges[random.integer(ranges.length)];
    return String.fromCodePoint(from + random.integer(to - from + 1));
  }).join("");
}

const ascii: [number, number] = [0x20, 0x7e];
/** What the print's fonts have. */
const european: [number, number][] = [ascii, ascii, [0xa1, 0xac], [0xae, 0x17f], [0x391, 0x3a1], [
  0x3b1,
  0x3c9,
]];
/** Everything, with what no file may hold. */
const unicode: [number, number][] = [ascii, [0, 0x1f], [0x80, 0x2fff], [0xd800, 0xdfff], [
  0xe000,
  0xffff,
], [0x1f300, 0x1f6ff]];

/** A chapter that has each text in a heading, prose, two tables, a caption, and the title and description of a figure. */
async function withTexts(
  texts: string[],
  use: (page: string, print: string, folder: string) => Promise<void>,
) {
  const outputs: Output[] = texts.flatMap((text, i): Output[] => [
    { output_type: "display_data", data: { "text/markdown": markdown`### ${plain(`h${text}`)}` } },
    {
      output_type: "display_data",
      data: { "text/markdown": markdown`Prose p${plain(text)}q, $x_{${i}}$` },
    },
    {
      output_type: "display_data",
      data: {},
      metadata: {
        table: {
          name: `t${i}`,
          caption: plain(`c${text}`),
          ...tableOf([{ a: plain(`t${text}`), n: i }], { a: plain(`k${text}`), n: "n" }),
        },
      },
    },
  ]);
  const cells = [
    { cell_type: "markdown", source: "# T" },
    { cell_type: "code", source: "// code", outputs },
  ];
  await chapterOf(cells, async (chapter, folder) => {
    const [page, print] = await Promise.all(
      (["html5", "typst"] as const).map((format) => pandoc(format, ["report/front.md", chapter])),
    );
    await use(await finishPage(page), print, folder);
  });
}

const bare = (text: string) => text.replace(/\s+/gu, "");
const unescaped = (html: string) =>
  html.replace(/<[^>]*>/g, "").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'").replace(/&amp;/g, "&");

Deno.test("random Unicode comes through headings, prose, captions and tables into the page", async () => {
  const random = seeded(7),
    texts = Array.from({ length: 30 }, () => `${letters(random, 25, unicode)}.`);
  await withTexts(texts, async (page) => {
    const found = bare(unescaped(page));
    for (const text of texts) {
      // What no file may hold was replaced; the rest of the text is whole.
      const expected = bare(plain(text).replace(/\\([!-/:-@[-`{-~])/g, "$1"));
      for (const mark of ["h", "p", "t", "k", "c"]) {
        assert(found.includes(mark + expected), JSON.stringify(text));
      }
    }
    await Promise.resolve();
  });
});

Deno.test("random European text comes through into the print, letter by letter", async (test) => {
  const pdftotext = await outcome("pdftotext", ["-v"]).catch(() => undefined);
  if (!pdftotext) console.log("skipped: pdftotext of poppler-utils is not on this machine");
  const ignore = !pdftotext;
  await test.step({
    name: "by pdftotext",
    ignore,
    fn: async () => {
      const random = seeded(8),
        texts = Array.from({ length: 30 }, () => `${letters(random, 25, european)}.`);
      await withTexts(texts, async (_, print, folder) => {
        await Deno.writeTextFile(`${folder}/report.typ`, print);
        await typst(`${folder}/report.typ`, `${folder}/report.pdf`);
        const { output } = await outcome("pdftotext", ["-raw", `${folder}/report.pdf`, "-"]);
        // Lines may be broken after a hyphen, and ligatures are one sign.
        const sorted = (text: string) =>
          bare(text.normalize("NFKC")).replace(/[-\u00ad\u2010]/g, "");
        const found = sorted(output);
        for (const text of texts) {
          for (const mark of ["p", "t", "c"]) {
            assert(found.includes(sorted(mark + text)), JSON.stringify(mark + text));
          }
        }
      });
    },
  });
});

Deno.test("random Unicode comes through the titles of figures", () => {
  const random = seeded(9);
  for (let i = 0; i < 50; i++) {
    const text = letters(random, 30, unicode),
      svg = svgText(plot({ marks: [] }), { name: "n", title: text, description: text });
    const [, title, description] = /<title[^>]*>([^]*?)<\/title><desc[^>]*>([^]*?)<\/desc>/.exec(
      svg,
    )!;
    const expected = bare(plain(text).replace(/\\([!-/:-@[-`{-~])/g, "$1"));
    for (const found of [title, description]) {
      assertEquals(bare(unescaped(found).replaceAll("&nbsp;", "\u00a0")), expected);
    }
  }
});
