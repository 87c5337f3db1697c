import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { build, stop } from "esbuild";
import { root } from "../../tasks/shared/environment.ts";
import { outcome } from "../../tasks/shared/task.ts";

/** Bytes that the detectors and metrics may have in a browser, minified and not compressed. */
const MOST = 60_000;

const rooms = `
  export * from "./lib/detectors/mod.ts";
  export * from "./lib/metrics/mod.ts";
  export { matrix } from "./lib/linear_algebra/mod.ts";
`;

/** Says "AUROC 1" where the bundle at `module` works. */
const use = (module: string) => `
  import { auroc, mahalanobis, matrix } from "${module}";
  const features = matrix([[0, 1], [1, 0], [9, 9], [8, 8]]);
  const fitted = mahalanobis().fit({ features, labels: [0, 0, 1, 1] });
  const outside = matrix([[5, 5], [-9, 9]]);
  const said = "AUROC " + auroc(fitted.score({ features }), fitted.score({ features: outside }));
`;

/** The rooms in one file for browsers. */
async function bundled(): Promise<string> {
  const { outputFiles: [{ text }] } = await build({
    stdin: { contents: rooms, resolveDir: root },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    logLevel: "error",
  });
  await stop();
  return text;
}

/** The first of `programs` that is there to be run. */
async function first(programs: string[]): Promise<string | undefined> {
  for (const program of programs) {
    try {
      if ((await outcome(program, ["--version"])).success) return program;
    } catch { /* it is not */ }
  }
}

const node = await first(["node"]);
const browser = await first(["chromium", "google-chrome", "chrome", "chromium-browser"]);

Deno.test("detectors and metrics are a bundle under 60 kB", async (test) => {
  const bundle = await bundled(), folder = await Deno.makeTempDir();
  const packed = new Blob([bundle]).stream().pipeThrough(new CompressionStream("gzip"));
  const size = new TextEncoder().encode(bundle).length;
  console.log(`${size} bytes minified, ${(await new Response(packed).bytes()).length} compressed`);
  assert(size < MOST, `${size} bytes`);

  await test.step({
    name: "it runs in Node",
    ignore: !node,
    async fn() {
      await Deno.writeTextFile(`${folder}/bundle.mjs`, bundle);
      await Deno.writeTextFile(`${folder}/use.mjs`, `${use("./bundle.mjs")} console.log(said);`);
      const { output, errors } = await outcome(node!, [`${folder}/use.mjs`]);
      assertEquals([output.trim(), errors], ["AUROC 1", ""]);
    },
  });

  await test.step({
    name: "it runs in a browser",
    ignore: !browser,
    async fn() {
      const module = `data:text/javascript;base64,${new TextEncoder().encode(bundle).toBase64()}`;
      const script = `${use(module)} document.body.append(said);`;
      const page = `${folder}/page.html`;
      await Deno.writeTextFile(page, `<body><script type="module">${script}</script>`);
      const { output, errors } = await outcome(browser!, [
        ...["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=10000"],
        ...[`--user-data-dir=${folder}/profile`, "--dump-dom", `file://${page}`],
      ]);
      assertStringIncludes(output, "AUROC 1</body>", errors);
    },
  });
  await Deno.remove(folder, { recursive: true });
});
