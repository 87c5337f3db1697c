/**
 * A real browser for tests: Chromium where one is installed.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";

/** Where Chromium may lie; the environment variable CHROME comes first. */
const places = [
  Deno.env.get("CHROME"),
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The browser's program, or undefined where none is installed. */
export const browserPath: string | undefined = places.find((place) => {
  try {
    return place !== undefined && Deno.statSync(place).isFile;
  } catch {
    return false;
  }
});

if (browserPath === undefined) {
  console.log("No Chromium is installed: the tests in a browser are skipped (set CHROME to one)");
}

/** Defines a test that runs in a page of `width` pixels; a console error, or a request to another host, fails it. */
export function browserTest(
  name: string,
  run: (page: Page) => Promise<void>,
  { width = 1280, dark = false, expectedErrors = [] as RegExp[] } = {},
): void {
  Deno.test({
    name,
    ignore: browserPath === undefined,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      browser ??= await chromium.launch({
        executablePath: browserPath,
        args: ["--no-sandbox", "--disable-dev-shm-usage"],
      });
      const context = await browser.newContext({
        viewport: { width, height: 900 },
        colorScheme: dark ? "dark" : "light",
      });
      context.setDefaultTimeout(120_000);
      const page = await context.newPage(), faults: string[] = [], hosts = new Set<string>();
      page.on("console", (message) => {
        if (message.type() === "error") faults.push(message.text());
      });
      page.on("pageerror", (error) => faults.push(String(error)));
      page.on("request", (request) => hosts.add(new URL(request.url()).hostname));
      try {
        await run(page);
        assertEquals(
          faults.filter((fault) => !expectedErrors.some((expected) => expected.test(fault))),
          [],
        );
        assertEquals([...hosts].filter((host) => !["", "127.0.0.1"].includes(host)), []);
      } finally {
        await context.close();
      }
    },
  });
}

let browser: Browser | undefined;
globalThis.addEventListener("unload", () => void browser?.close());

/** What axe finds in a page that is serious or critical, a line each. */
export async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } }).axe.run()
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`));
}

interface Violation {
  id: string;
  impact: string;
  nodes: { html: string }[];
}
