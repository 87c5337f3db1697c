/**
 * A notebook as a chapter in pandoc's Markdown, for report/filter.lua: prose, figures, tables, and code with what it
 * printed, which only the web page keeps.
 *
 * @module
 */
import { stripVTControlCharacters } from "node:util";
import { printable } from "../../lib/figures/text.ts";
import { tableMarkdown } from "../../lib/notebook/markdown.ts";
import { path } from "../shared/environment.ts";
import { Problem } from "../shared/task.ts";
import { type Cell, joined, type Output, place, readNotebook, type Text } from "./notebooks.ts";

/** Pictures of another's making that both page and print can show. */
const pictures: Record<string, string> = {
  "image/svg+xml": "svg",
  "image/png": "png",
  "image/jpeg": "jpg",
  "image/gif": "gif",
  "image/webp": "webp",
};

/** Writes the chapter of `file`, and the pictures pasted into it or shown by its cells, into `workspace`; returns its path. */
export async function exportChapter(file: string, workspace: string): Promise<string> {
  const notebook = await readNotebook(file), name = file.split("/").at(-1)!.replace(/\.ipynb$/, "");
  let count = 0;
  const keep = async (type: string, content: Text) => {
    const target = `${workspace}/${name}-${++count}.${pictures[type]}`;
    const text = joined(content);
    await Deno.writeFile(
      target,
      type === "image/svg+xml"
        ? new TextEncoder().encode(printable(text))
        : Uint8Array.fromBase64(text),
    );
    return target.slice(path("").length);
  };
  const parts: string[] = [];
  for (const [index, cell] of notebook.cells.entries()) {
    const where = `${file}, ${place(notebook, index)}`;
    parts.push(fenced(where, "`", "{=place}"));
    if (cell.cell_type === "markdown") parts.push(await prose(cell, where, keep));
    if (cell.cell_type === "code" && joined(cell.source).trim()) {
      parts.push(...await shown(cell, keep));
    }
  }
  const target = `${workspace}/${name}.md`;
  await Deno.writeTextFile(target, `${printable(parts.join("\n\n"))}\n`);
  return target;
}

type Keep = (type: string, content: Text) => Promise<string>;

/** A cell of prose, its pasted pictures as files. */
async function prose(
  { source, attachments = {} }: Cell,
  where: string,
  keep: Keep,
): Promise<string> {
  let text = joined(source);
  for (const [name, bundle] of Object.entries(attachments)) {
    const type = Object.keys(bundle).find((type) => type in pictures);
    if (type === undefined) continue;
    const file = await keep(type, bundle[type]);
    for (const spelled of [name, encodeURI(name)]) {
      text = text.replaceAll(`](attachment:${spelled}`, `](${file}`);
    }
  }
  const lost = /\]\(attachment:([^)\s]*)/.exec(text)?.[1];
  if (lost === undefined) return text;
  throw new Problem(`${where}\nThe pasted picture ${lost} is not in the notebook: paste it again.`);
}

/** A cell of code: the code with what it printed, then what it showed. */
async function shown({ source, outputs = [] }: Cell, keep: Keep): Promise<string[]> {
  const printed: string[] = [], displays: string[] = [];
  for (const output of outputs) {
    const display = await displayed(output, keep);
    if (display !== undefined) displays.push(display);
    else if (output.text !== undefined) printed.push(stripVTControlCharacters(joined(output.text)));
    else if (output.data?.["text/plain"] && !output.metadata?.progress) {
      printed.push(joined(output.data["text/plain"]));
    }
  }
  return [
    [
      ":::::: code",
      fenced(joined(source), "~", "typescript"),
      ...printed.map((text) => fenced(text, "~")),
      "::::::",
    ].join("\n"),
    ...displays,
  ];
}

/** What a cell showed, in Markdown: nothing for text alone. */
async function displayed({ data, metadata }: Output, keep: Keep): Promise<string | undefined> {
  if (!data) return undefined;
  if (metadata?.figure) {
    const { name, caption, file } = metadata.figure;
    return `:::::: {#fig:${name} .figure file="${file}"}\n${caption}\n::::::`;
  }
  if (metadata?.table) {
    const { name, caption, ...table } = metadata.table;
    return `:::::: {#tbl:${name} .table}\n${
      tableMarkdown(table, { pandoc: true })
    }\n\n${caption}\n::::::`;
  }
  if (metadata?.caption) return "";
  const picture = Object.keys(pictures).find((type) => type in data);
  if (picture) return `![](${await keep(picture, data[picture])})\\ `;
  if ("text/markdown" in data) return joined(data["text/markdown"]);
  if ("text/latex" in data) return joined(data["text/latex"]);
  if (!("text/html" in data)) return undefined;
  const plain = joined(data["text/plain"] ?? "(shown in the web page only)");
  return `${fenced(joined(data["text/html"]), "`", "{=html}")}\n\n${
    fenced(plain, "`", "{.print}")
  }`;
}

/** `text` between fences longer than any in it. */
export function fenced(text: string, mark: "`" | "~", kind = ""): string {
  const runs = text.match(new RegExp(`${mark}+`, "g")) ?? [];
  const fence = mark.repeat(Math.max(8, ...runs.map((run) => run.length + 1)));
  return `${fence} ${kind}\n${text}\n${fence}`;
}
