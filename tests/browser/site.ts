import { Buffer } from "node:buffer";
import { assert, assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { readNetworkOutputs, splitTest } from "../../lib/outputs/network_outputs.ts";
import { thresholdKeeping } from "../../lib/metrics/decision_report.ts";
import { energy } from "../../lib/detectors/mod.ts";
import { fitBayesianLinearRegression, polynomial } from "../../lib/models/regression/mod.ts";
import { outputsOf } from "../../lib/resnet/outputs.ts";
import { readTrainedNetwork } from "../../lib/resnet/trained_classifier.ts";
import { pages } from "../../tasks/site/pages.ts";
import { serve } from "../../tasks/site/serve.ts";
import { barriers, browserPath, browserTest } from "./browser.ts";

const folder = fileURLToPath(new URL("../../site/", import.meta.url));
const built = browserPath !== undefined && await buildSite();
const server = built ? serve(folder, { port: 0, quiet: true }) : undefined;
const address = (page: string) => `http://127.0.0.1:${server!.addr.port}/${page}`;

async function buildSite(): Promise<boolean> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      fileURLToPath(new URL("../../tasks/site.ts", import.meta.url)),
    ],
    stderr: "piped",
    stdout: "null",
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  return true;
}

const NETWORK = { timeout: 120_000 };

for (const [width, dark] of [[1280, false], [390, true]] as const) {
  for (const { name } of [{ name: "index" }, ...pages]) {
    browserTest(
      `${name}.html at ${width} px, ${dark ? "dark" : "light"}, bars nobody`,
      async (page) => {
        await page.goto(address(`${name}.html`));
        if (name === "know") await page.locator("#ask").waitFor(NETWORK);
        else if (name !== "index") await page.locator("main svg").first().waitFor();
        assertEquals(await barriers(page), []);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert(wide <= 0, `the page is ${wide} px too wide`);
      },
      { width, dark },
    );
  }
}

browserTest(
  "a link restores the line's setting, and keys move a point and the evidence",
  async (page) => {
    await page.goto(address("line.html#x=0,1,2&y=0,1,2&alpha=0.5&beta=1.2"));
    const evidence = (y: number[]) =>
      fitBayesianLinearRegression({ x: [0, 1, 2], y }, {
        basis: polynomial({ degree: 1 }),
        alpha: 10 ** 0.5,
        beta: 10 ** 1.2,
      }).logEvidence;
    await page.getByText(`Log evidence ${evidence([0, 1, 2]).toFixed(1)} nats`).waitFor();
    const second = page.getByRole("button", { name: "Point 2: x 1.00, y 1.00" });
    await second.focus();
    await page.keyboard.press("Shift+ArrowUp");
    await page.waitForFunction(() => location.hash.includes("y=0,1."));
    const [, moved] = /y=0,([\d.]+),2/.exec(new URL(page.url()).hash)!;
    assert(Number(moved) > 1);
    const said = await page.locator("#summary").textContent();
    assertMatch(
      said!,
      new RegExp(`Log evidence ${evidence([0, Number(moved), 2]).toFixed(1)} nats`),
    );
    await page.keyboard.press("Delete");
    await page.getByText("2 points.").waitFor();
  },
);

browserTest(
  "a point is dragged by the mouse, added by a click, and fifty are no slower than a frame",
  async (page) => {
    await page.goto(address("line.html#basis=bumps"));
    const point = page.getByRole("button", { name: /^Point 1:/ });
    await point.waitFor();
    const box = (await point.boundingBox())!, label = () => point.getAttribute("aria-label");
    const before = await label();
    await page.mouse.move(box.x + 14, box.y + 14);
    await page.mouse.down();
    await page.mouse.move(box.x + 60, box.y - 30, { steps: 5 });
    await page.mouse.up();
    await page.waitForTimeout(100);
    assert(await label() !== before);
    const stage = (await page.locator("#data svg").boundingBox())!;
    await page.mouse.click(stage.x + stage.width / 2, stage.y + stage.height / 3);
    await page.getByText("7 points.").waitFor();
  },
);

browserTest(
  "the threshold of the page keeps and turns away what the library says",
  async (page) => {
    await page.goto(address("threshold.html#detector=Energy&set=cifar10&keep=0.8"));
    const { test, cifar10 } = await readNetworkOutputs(), { reported } = splitTest(test);
    const detector = energy(), inside = detector.score(reported), outside = detector.score(cifar10);
    const threshold = thresholdKeeping(inside, { keep: 0.8 });
    const away = outside.filter((score) => score < threshold).length / outside.length;
    await page.getByText("Out-of-distribution images turned away").waitFor();
    const rates = await page.locator("#rates").innerText();
    assertMatch(rates, new RegExp(`turned away\\s+${(100 * away).toFixed(1)}%`));
    const slider = page.locator("#keep");
    await slider.focus();
    await page.keyboard.press("ArrowLeft");
    await page.waitForFunction(() => location.hash.includes("keep=0.795"));
  },
);

/** The pixels that the page shows to the network, and the five classes and the percentile that it tells. */
async function answerOf(page: Page) {
  await page.locator("#answer").waitFor(NETWORK);
  return await page.evaluate(() => {
    const seen = document.querySelector<HTMLCanvasElement>("#seen")!.getContext("2d")!;
    const { data } = seen.getImageData(0, 0, 32, 32);
    const cells = [...document.querySelectorAll("#classes tr")].map((line) =>
      [...line.children].map((cell) => cell.textContent!)
    );
    const { logits } = (globalThis as unknown as { lastAnswer: { logits: number[] } }).lastAnswer;
    return { pixels: Array.from(data).filter((_, i) => i % 4 !== 3), cells, logits };
  });
}

browserTest("the network has the logits that it has in Deno", async (page) => {
  const network = await readTrainedNetwork();
  for (const sample of ["a clock", "noise"]) {
    await page.goto(address(`know.html#sample=${encodeURIComponent(sample)}&backend=wasm`));
    await page.reload();
    const { pixels, logits } = await answerOf(page);
    const images = { name: sample, pixels: Uint8Array.from(pixels), labels: new Uint8Array(1) };
    outputsOf(network, images).logits.data
      .forEach((z, k) => assertAlmostEquals(logits[k], z, 1e-3));
  }
  network.dispose();
});

browserTest("a file that is no picture, and one that is, are answered", async (page) => {
  await page.goto(address("know.html#backend=wasm"));
  await page.locator("#ask").waitFor(NETWORK);
  const choose = (name: string, mimeType: string, text: string) =>
    page.locator("#file").setInputFiles({ name, mimeType, buffer: Buffer.from(text) });
  for (const [name, type] of [["a.txt", "text/plain"], ["a.heic", "image/heic"]]) {
    await choose(name, type, "no picture");
    await page.getByText("is no picture that the browser can read").waitFor();
  }
  const svg = (w: number, h: number) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}"><rect width="${w}" height="${h}" fill="red"/></svg>`;
  for (const [w, h] of [[1, 1], [40, 20], [10000, 10000]]) {
    await choose("a.svg", "image/svg+xml", svg(w, h));
    const { pixels } = await answerOf(page);
    assertEquals(pixels.slice(0, 3), [255, 0, 0], `${w} × ${h}`);
  }
});

browserTest("damaged weights are told of, and loaded again at the next try", async (page) => {
  let damage = true;
  await page.route("**/weights.safetensors", async (route) => {
    if (!damage) return await route.continue();
    damage = false;
    await route.fulfill({ body: "no weights" });
  });
  await page.goto(address("know.html#backend=wasm"));
  await page.getByText("could not be started").waitFor(NETWORK);
  await page.getByRole("button", { name: "Try again" }).click();
  await page.locator("#ask").waitFor(NETWORK);
});
