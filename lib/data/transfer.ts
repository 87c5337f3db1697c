/**
 * The bytes of a file over the network, by as many connections as it takes.
 *
 * @module
 */
import { DataFileError, writing } from "./files.ts";

/** Thrown where a file cannot be downloaded whole; the message says what to do. */
export class DownloadError extends Error {
  /** The kind of the error. */
  override name = "DownloadError";
}

/** Options of `download`. */
export interface DownloadOptions {
  /** Bytes there already, and bytes in all where the server says so. */
  onProgress?: (done: number, total?: number) => void;
  /** What a person who waits should know: that another try begins, that another process is at work. */
  onNotice?: (sentence: string) => void;
  /** A connection that brings less than 1 kB a second over so many seconds is given up, and resumed. */
  stallSeconds?: number;
  /** How often a connection is tried before giving up. */
  attempts?: number;
  /** The pause before the second try; each further one is twice as long. */
  pauseSeconds?: number;
}

/** The pause that a server may ask for. */
const LONGEST_PAUSE = 300;
/** Bytes a second, below which a connection counts as stalled. */
const SLOWEST = 1000;

/** What to do where a download does not help. */
export const byHand = (path: string) =>
  `get the file from another place, save it as ${path} and start again`;

/** That a web page came instead of the file. */
export const webPage = (url: string, path: string) =>
  `${url} is a web page and not the file: a login, proxy or error page is in between. Open it in a browser to see, or ` +
  byHand(path);

type Fetch = (
  url: string,
  options: { headers: HeadersInit; signal: AbortSignal },
) => Promise<Response>;

/** A fault that another try may not meet; the server may ask for `seconds` of patience. */
class PassingFault extends Error {
  constructor(message: string, readonly seconds?: number) {
    super(message);
  }
}

/**
 * Fetches what `part` lacks of the file at `url`, in several connections where one breaks off; `path` is where the whole
 * file will lie.
 */
export async function transfer(
  part: string,
  {
    url,
    path,
    onProgress = () => {},
    onNotice = () => {},
    stallSeconds = 30,
    attempts = 5,
    pauseSeconds = 1,
    fetch: fetchWith = fetch,
  }: DownloadOptions & { url: string; path: string; fetch?: Fetch },
): Promise<void> {
  for (let attempt = 1;; attempt++) {
    try {
      return await connect(part, { url, path, onProgress, stallSeconds, fetchWith });
    } catch (error) {
      if (error instanceof DownloadError || error instanceof DataFileError) throw error;
      const message = reasonOf(error as Error);
      const seconds = error instanceof PassingFault && error.seconds !== undefined
        ? error.seconds
        : pauseSeconds * 2 ** (attempt - 1);
      if (seconds > LONGEST_PAUSE) {
        throw new DownloadError(
          `Cannot download ${url}: ${message}, and asks for ${
            Math.ceil(seconds / 60)
          } minutes of ` +
            `patience. What arrived is kept: start again then to continue`,
        );
      }
      if (attempt === attempts) {
        throw new DownloadError(
          `Cannot download ${url}: ${message} (${attempts} attempts). What arrived is kept: check the connection and ` +
            `start again to continue`,
          { cause: error },
        );
      }
      onNotice(`${message}: next try in ${Math.ceil(seconds)} seconds`);
      await new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
    }
  }
}

/** What went wrong, without what only programmers want to know: of Deno 2.9 the cause says it. */
function reasonOf({ message, cause }: Error): string {
  if (message === "fetch failed" && cause instanceof Error) return reasonOf(cause);
  return message.startsWith("error sending request")
    ? `the server cannot be reached (${message.split(": ").at(-1)})`
    : message;
}

/** Fetches what `part` lacks and appends it. */
async function connect(
  part: string,
  { url, path, onProgress, stallSeconds, fetchWith }: {
    url: string;
    path: string;
    onProgress: (done: number, total?: number) => void;
    stallSeconds: number;
    fetchWith: Fetch;
  },
): Promise<void> {
  let done = await Deno.stat(part).then(({ size }) => size, () => 0), seen = done;
  const stalled = new AbortController();
  const watch = setInterval(() => {
    if (done - seen < SLOWEST * stallSeconds) {
      const what = done > seen ? "hardly any" : "no";
      stalled.abort(new PassingFault(`${what} data for ${stallSeconds} seconds`));
    }
    seen = done;
  }, 1000 * stallSeconds);
  try {
    const response = await fetchWith(url, {
      headers: done > 0 ? { Range: `bytes=${done}-` } : {},
      signal: stalled.signal,
    });
    if (response.status === 416) { // The part is whole, or of another file: its hash will tell.
      await response.body?.cancel();
      return;
    }
    await checkAnswer(response, { url, path });
    const resumed = response.status === 206 &&
      response.headers.get("content-range")?.startsWith(`bytes ${done}-`);
    if (!resumed) seen = done = 0;
    // What was encoded on the way has another length than the file.
    const encoded = response.headers.has("content-encoding");
    const length = encoded ? 0 : Number(response.headers.get("content-length"));
    const total = length > 0 ? done + length : undefined;
    using file = await writing(
      part,
      () => Deno.open(part, { write: true, create: true, truncate: !resumed, append: resumed }),
    );
    for await (let chunk of response.body ?? []) {
      done += chunk.length;
      while (chunk.length > 0) {
        chunk = chunk.subarray(await writing(part, () => file.write(chunk)));
      }
      onProgress(done, total);
    }
    if (total !== undefined && done < total) {
      throw new PassingFault(`the server broke off after ${done} of ${total} bytes`);
    }
  } catch (error) {
    throw stalled.signal.aborted ? stalled.signal.reason : error;
  } finally {
    clearInterval(watch);
  }
}

/** Does nothing where `response` holds the file. */
async function checkAnswer(
  response: Response,
  { url, path }: { url: string; path: string },
): Promise<void> {
  const { ok, status, statusText, headers } = response;
  const isPage = /^\s*text\/html/i.test(headers.get("content-type") ?? "");
  if (ok && !isPage) return;
  await response.body?.cancel();
  if (ok) throw new DownloadError(webPage(url, path));
  const answer = `the server answers ${status} ${statusText}`.trimEnd();
  if (status >= 500 || [408, 425, 429].includes(status)) {
    throw new PassingFault(answer, secondsUntil(headers.get("retry-after")));
  }
  const refused = [401, 403, 407, 451].includes(status);
  throw new DownloadError(
    `Cannot download ${url}: ${answer}. ` +
      (refused ? "This machine may not have it" : "The file may have moved") + `: ${byHand(path)}`,
  );
}

/** The seconds that a Retry-After header asks for: a number of them, or a date. */
function secondsUntil(retryAfter: string | null): number | undefined {
  if (retryAfter === null) return undefined;
  const seconds = /^\d+$/.test(retryAfter.trim())
    ? Number(retryAfter)
    : (Date.parse(retryAfter) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(seconds, 0);
}
