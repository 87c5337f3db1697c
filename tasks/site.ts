/**
 * Writes the site, pages that answer to the hand and what there is to read, into site/, for any static host.
 *
 * @module
 */
import "../lib/native.ts";
import { setUp } from "./setup.ts";
import { path } from "./shared/environment.ts";
import { exists, task } from "./shared/task.ts";
import { pages, writePages } from "./site/pages.ts";
import { writeScores } from "./site/scores.ts";
import { serve } from "./site/serve.ts";

const reading = [
  ["report.html", "The report, as one page"],
  ["report.pdf", "The report, for paper"],
];

await task("site", {
  options: {
    serve: { type: "flag", meaning: "serve it on this machine alone, until Ctrl-C" },
    port: { type: "number", meaning: "where it is served", default: 8000 },
  },
  examples: { "site": "writes site/", "site --serve": "and serves it at http://127.0.0.1:8000/" },
}, async ({ serve: serving, port }) => {
  await setUp();
  const folder = path("site");
  await Deno.mkdir(path("site/wasm"), { recursive: true });
  const links: [string, string][] = [];
  for (const [file, text] of reading) {
    if (!await exists(path(`report/${file}`))) continue;
    await Deno.copyFile(path(`report/${file}`), path(`site/${file}`));
    links.push([file, text]);
  }
  await writePages(folder, links);
  for (const kind of ["", "-simd", "-threaded-simd"]) {
    const file = `tfjs-backend-wasm${kind}.wasm`;
    await Deno.copyFile(
      path(`node_modules/@tensorflow/tfjs-backend-wasm/wasm-out/${file}`),
      path(`site/wasm/${file}`),
    );
  }
  const weights = "weights.safetensors";
  await Deno.copyFile(path(`data/resnet18-cifar100/${weights}`), path(`site/${weights}`));
  await writeScores(folder);
  console.log(`site/: ${pages.length + 1} pages`);
  if (serving) await serve(folder, { port }).finished;
});
