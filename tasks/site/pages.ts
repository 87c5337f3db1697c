/**
 * The pages of the site: their HTML around one layout, their programs bundled for browsers.
 *
 * @module
 */
import * as esbuild from "esbuild";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { path } from "../shared/environment.ts";

/** A page: its file's name without ending, how the navigation calls it, and what search engines say of it. */
export interface Page {
  readonly name: string;
  readonly title: string;
  readonly description: string;
}

/** The pages that answer to the hand, in the order of the navigation. */
export const pages: readonly Page[] = [
  {
    name: "know",
    title: "Does it know?",
    description:
      "A residual network in your browser: what it sees, and whether it has ever seen such a thing.",
  },
  {
    name: "line",
    title: "One straight line",
    description: "Bayesian linear regression: drag points and watch the posterior move.",
  },
  {
    name: "distance",
    title: "How far from the truth?",
    description: "Mode, Laplace, variational and exact posterior of one classifier, side by side.",
  },
  {
    name: "threshold",
    title: "The threshold",
    description: "Two distributions of scores, one threshold, and every rate that follows from it.",
  },
];

const home: Page = {
  name: "index",
  title: "Start",
  description: "Robust deep learning: a course whose figures answer to the hand.",
};

const source = (name: string) => path(`report/site/${name}`);

/** Writes every page, its program and the style into `folder`; `links` stand in the list of what to read. */
export async function writePages(folder: string, links: [href: string, text: string][]) {
  const layout = await Deno.readTextFile(source("layout.html"));
  const reading = links.map(([href, text]) => `<li><a href="${href}">${text}</a></li>`).join("\n");
  for (const page of [home, ...pages]) {
    const body = (await Deno.readTextFile(source(`${page.name}.html`)))
      .replace(/\{\{ *reading *\}\}/, reading);
    const parts: Record<string, string> = {
      ...page,
      body,
      navigation: pages.map(({ name, title }) =>
        `<a href="${name}.html"${name === page.name ? ' aria-current="page"' : ""}>${title}</a>`
      ).join(" "),
      script: page === home ? "" : `<script type="module" src="${page.name}.js"></script>`,
    };
    const html = layout.replaceAll(/\{\{ *(\w+) *\}\}/g, (_, part) => parts[part]);
    await Deno.writeTextFile(join(folder, `${page.name}.html`), html);
  }
  await Deno.copyFile(source("site.css"), join(folder, "site.css"));
  await bundle(folder);
}

/** In a browser another file stands for the device, and nothing for OpenBLAS and tfjs's files. */
const browserDevice: esbuild.Plugin = {
  name: "browser device",
  setup({ onResolve }) {
    const path = fileURLToPath(new URL("../../lib/tensorflow/browser_device.ts", import.meta.url));
    onResolve({ filter: /\/device\.ts$/ }, () => ({ path }));
    onResolve({ filter: /\/native\.ts$/ }, () => ({ path: source("nothing.ts") }));
    onResolve({ filter: /^\.\/files\.ts$/ }, ({ importer, path: asked }) => ({
      path: importer.endsWith("tensorflow/mod.ts")
        ? source("nothing.ts")
        : join(dirname(importer), asked),
    }));
  },
};

async function bundle(folder: string): Promise<void> {
  await esbuild.build({
    entryPoints: pages.map(({ name }) => source(`${name}.ts`)),
    outdir: folder,
    bundle: true,
    splitting: true,
    plugins: [browserDevice],
    alias: { "node:path": source("nothing.ts") },
    format: "esm",
    target: "es2022",
    minify: true,
    sourcemap: "linked",
    legalComments: "linked",
    absWorkingDir: path("."),
    logLevel: "warning",
  });
  await esbuild.stop();
}
