/**
 * The bytes of an answer as the server sends them, where `fetch` would undo a Content-Encoding.
 *
 * @module
 */
import { get as getHttp, type IncomingMessage } from "node:http";
import { get as getHttps } from "node:https";
import { Readable } from "node:stream";

/** What `fetch` answers to the same request, except that the body is not decoded. Proxies are not used. */
export async function fetchUndecoded(
  url: string,
  { headers, signal }: { headers: HeadersInit; signal: AbortSignal },
): Promise<Response> {
  for (let redirects = 0; redirects <= 20; redirects++) {
    const get = new URL(url).protocol === "https:" ? getHttps : getHttp;
    const message = await new Promise<IncomingMessage>((resolve, reject) => {
      const options = { headers: Object.fromEntries(new Headers(headers)), signal, agent: false };
      get(url, options, resolve).on("error", reject);
    });
    const { statusCode = 500, headers: { location } } = message;
    if (statusCode < 300 || statusCode >= 400 || location === undefined) {
      return new Response(Readable.toWeb(message) as ReadableStream<Uint8Array<ArrayBuffer>>, {
        status: statusCode,
        headers: message.headers as Record<string, string>,
      });
    }
    message.destroy();
    url = new URL(location, url).href;
  }
  throw new TypeError("too many redirects");
}
