/**
 * A static host on this machine alone.
 *
 * @module
 */
import { extname, join, normalize } from "node:path";

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".pdf": "application/pdf",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** Serves `folder` at http://127.0.0.1:`port`/ (0 takes a free one) until the server that is returned is shut down. */
export function serve(
  folder: string,
  { port, quiet = false }: { port: number; quiet?: boolean },
): Deno.HttpServer<Deno.NetAddr> {
  const onListen = quiet ? () => {} : tell;
  return Deno.serve({ hostname: "127.0.0.1", port, onListen }, async (request) => {
    const asked = normalize(decodeURIComponent(new URL(request.url).pathname));
    const file = join(folder, asked.endsWith("/") ? `${asked}index.html` : asked);
    try {
      const opened = await Deno.open(file), { size } = await opened.stat();
      const type = types[extname(file)] ?? "application/octet-stream";
      return new Response(opened.readable, {
        headers: { "content-type": type, "content-length": String(size) },
      });
    } catch {
      return new Response(`There is no ${asked}\n`, { status: 404 });
    }
  });
}

function tell({ hostname, port }: Deno.NetAddr): void {
  console.log(`Serving at http://${hostname}:${port}/ (Ctrl-C ends it)`);
}
