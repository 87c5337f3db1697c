/**
 * The finish of the web page: formulas set by KaTeX, styles and fonts inside the file, so that it needs no network.
 *
 * @module
 */

import katex from "katex";
import { path } from "../shared/environment.ts";
import { Problem } from "../shared/task.ts";

const sans = "node_modules/@expo-google-fonts/source-sans-3";
const serif = "node_modules/@expo-google-fonts/source-serif-4";

/** The folders of the report's fonts. */
export const fontFolders = [sans, serif].map(path);

const fonts = [
  {
    family: "Source Sans 3",
    weight: 400,
    style: "normal",
    file: `${sans}/400Regular/SourceSans3_400Regular.ttf`,
  },
  {
    family: "Source Sans 3",
    weight: 600,
    style: "normal",
    file: `${sans}/600SemiBold/SourceSans3_600SemiBold.ttf`,
  },
  {
    family: "Source Serif 4",
    weight: 400,
    style: "normal",
    file: `${serif}/400Regular/SourceSerif4_400Regular.ttf`,
  },
  {
    family: "Source Serif 4",
    weight: 600,
    style: "normal",
    file: `${serif}/600SemiBold/SourceSerif4_600SemiBold.ttf`,
  },
  {
    family: "Source Serif 4",
    weight: 400,
    style: "italic",
    file: `${serif}/400Regular_Italic/SourceSerif4_400Regular_Italic.ttf`,
  },
];

const mediaTypes: Record<string, string> = { svg: "image/svg+xml", jpg: "image/jpeg" };

/** pandoc's page with formulas, tables that scroll, pictures, styles and fonts in place. */
export async function finishPage(html: string): Promise<string> {
  const files = [
    ...new Set(html.matchAll(/<img src="(?!data:)([^"]+)"/g).map((match) => match[1])),
  ];
  const pictures = new Map(
    await Promise.all(files.map(async (file) => {
      const kind = file.split(".").at(-1)!.toLowerCase();
      const uri = await dataUri(path(unescaped(file)), mediaTypes[kind] ?? `image/${kind}`);
      return [file, uri] as const;
    })),
  );
  const styles = [await katexStyle(), ...await Promise.all(fonts.map(fontFace))];
  const style = `<style>\n${styles.join("\n")}\n${await Deno.readTextFile(
    path("report/style.css"),
  )}</style>\n</head>`;
  return html
    .replace(/<img src="(?!data:)([^"]+)"/g, (_, file) => `<img src="${pictures.get(file)}"`)
    .replace(
      /<span\s+class="math (inline|display)">([^]*?)<\/span>/g,
      (_, mode, latex) => formula(unescaped(latex), mode),
    )
    .replace(/<table[^>]*>[^]*?<\/table>/g, (table) => `<div class="wide">${table}</div>`)
    .replace("</head>", () => style);
}

/** A formula; one with a number has it at the right, where it stays while a wide formula scrolls. */
function formula(source: string, mode: "inline" | "display"): string {
  const number = /\\tag\{(.*?)\}/.exec(source)?.[1];
  const latex = source.replace(/\\tag\{.*?\}/, "");
  try {
    const html = katex.renderToString(latex, { displayMode: mode === "display", strict: false });
    const numbered = number === undefined ? "" : `<span class="number">(${number})</span>`;
    return `<span class="math ${mode}"><span>${html}</span>${numbered}</span>`;
  } catch (error) {
    throw new Problem(`A formula cannot be set: ${(error as Error).message}\n${latex}`);
  }
}

/** KaTeX's style sheet with its fonts inside it. */
async function katexStyle(): Promise<string> {
  const folder = path("node_modules/katex/dist");
  const css = await Deno.readTextFile(`${folder}/katex.min.css`);
  const files = [...new Set(css.match(/fonts\/[\w-]+\.woff2/g))];
  const inside = new Map(
    await Promise.all(
      files.map(async (file) => [file, await dataUri(`${folder}/${file}`, "font/woff2")] as const),
    ),
  );
  return css
    .replace(
      /url\((fonts\/[\w-]+\.woff2)\) format\("woff2"\)[^;}]*/g,
      (_, file) => `url(${inside.get(file)}) format("woff2")`,
    );
}

async function fontFace({ family, weight, style, file }: (typeof fonts)[number]): Promise<string> {
  const uri = await dataUri(path(file), "font/ttf");
  return `@font-face { font-family: "${family}"; font-weight: ${weight}; font-style: ${style}; src: url(${uri}); }`;
}

async function dataUri(file: string, type: string): Promise<string> {
  return `data:${type};base64,${(await Deno.readFile(file)).toBase64()}`;
}

const unescaped = (html: string) =>
  html.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"').replace(/&#39;/g, "'")
    .replace(/&amp;/g, "&");
