/**
 * The document that figures are drawn in.
 *
 * @module
 */

/** What a browser has for drawing. */
type Browser = Pick<typeof globalThis, "document" | "XMLSerializer">;

/** The browser itself; elsewhere jsdom, which reads files of its own and is left alone where that is not permitted. */
const browser: Browser | undefined = "document" in globalThis
  ? globalThis
  : mayRead()
  ? await jsdomWindow()
  : undefined;

/** With a console of its own, as jsdom says on the real one what Plot's failure says better. */
async function jsdomWindow(): Promise<Browser> {
  const { JSDOM, VirtualConsole } = await import("jsdom");
  return new JSDOM("", { virtualConsole: new VirtualConsole() }).window;
}

function mayRead(): boolean {
  if (!("Deno" in globalThis)) return true;
  return Deno.permissions.querySync({ name: "read", path: import.meta.dirname }).state ===
    "granted";
}

/**
 * What figures are drawn with.
 *
 * @throws {Error} where jsdom may not be read.
 */
export function drawing(): Browser {
  if (browser) return browser;
  throw new Error("Figures are drawn by jsdom, which reads its own files: run with --allow-read");
}
