/**
 * Large files over the network: downloaded with resumption, believed only when their hashes match.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { dirname } from "node:path";
import { DataFileError, writing } from "./files.ts";

/** Thrown where a file cannot be downloaded whole; the message says what to do. */
export class DownloadError extends Error {
  override name = "DownloadError";
}

/** A file on a server. */
export interface RemoteFile {
  readonly url: string;
  /** Published hashes in hexadecimal; each is checked. */
  readonly hashes: Readonly<Partial<Record<"md5" | "sha256", string>>>;
}

/** Options of `download`. */
export interface DownloadOptions {
  /** Bytes there already, and bytes in all where the server says so. */
  onProgress?: (done: number, total?: number) => void;
  /** After so many seconds without a byte the connection is given up, and resumed. */
  stallSeconds?: number;
  /** How often a connection that broke is resumed before giving up. */
  attempts?: number;
}

/**
 * Downloads a file to `path`. What has arrived is kept in `path.part`, from where an interrupted download continues; the
 * file gets its name only when every hash matches.
 *
 * @throws {DownloadError} where the server refuses, sends a web page, breaks off or stalls again and again, or sends
 * something with other hashes (that is removed).
 * @throws {DataFileError} where the folder is not writable or the disk is full.
 */
export async function download(
  path: string,
  { url, hashes, onProgress = () => {}, stallSeconds = 30, attempts = 5 }:
    & RemoteFile
    & DownloadOptions,
): Promise<void> {
  const part = `${path}.part`;
  await writing(path, () => Deno.mkdir(dirname(path), { recursive: true }));
  for (let attempt = 1;; attempt++) {
    try {
      await transfer(part, { url, onProgress, stallSeconds });
      break;
    } catch (error) {
      if (error instanceof DownloadError || error instanceof DataFileError) throw error;
      if (attempt === attempts) {
        throw new DownloadError(
          `Cannot download ${url}: ${
            (error as Error).message
          } (${attempts} attempts). What arrived is kept: check ` +
            `the connection and start again to continue`,
          { cause: error },
        );
      }
    }
  }
  for (const [algorithm, expected] of Object.entries(hashes)) {
    const actual = await hashOf(part, algorithm);
    if (actual !== expected) {
      await Deno.remove(part);
      throw new DownloadError(
        `${url} has the ${algorithm} hash ${actual}, published is ${expected}: it was damaged or replaced on the way ` +
          `and is not used. Try again; if it stays so, get the file from another place into the same folder`,
      );
    }
  }
  await writing(path, () => Deno.rename(part, path));
}

/** Fetches what `part` lacks and appends it. */
async function transfer(
  part: string,
  { url, onProgress, stallSeconds }: Required<
    Pick<DownloadOptions, "onProgress" | "stallSeconds"> & { url: string }
  >,
): Promise<void> {
  let done = await Deno.stat(part).then(({ size }) => size, () => 0);
  const stalled = new AbortController();
  const stall = () => stalled.abort(new Error(`no data for ${stallSeconds} seconds`));
  let timer = setTimeout(stall, 1000 * stallSeconds);
  try {
    const response = await fetch(url, {
      headers: done > 0 ? { Range: `bytes=${done}-` } : {},
      signal: stalled.signal,
    });
    if (response.status === 416) { // The part is whole, or of another file: its hash will tell.
      await response.body?.cancel();
      return;
    }
    if (!response.ok) {
      await response.body?.cancel();
      if (response.status >= 500) throw new Error(`the server answers ${response.status}`);
      throw new DownloadError(
        `Cannot download ${url}: the server answers ${response.status} ${response.statusText}. Look for where the ` +
          `file has moved, and get it from there`,
      );
    }
    if (response.headers.get("content-type")?.startsWith("text/html")) {
      await response.body?.cancel();
      throw new DownloadError(
        `${url} is a web page and not the file: a login, proxy or error page is in between. Open it in a browser to see`,
      );
    }
    const resumed = response.status === 206 &&
      response.headers.get("content-range")?.startsWith(`bytes ${done}-`);
    if (!resumed) done = 0;
    const length = Number(response.headers.get("content-length"));
    const total = length > 0 ? done + length : undefined;
    using file = await writing(
      part,
      () => Deno.open(part, { write: true, create: true, truncate: !resumed, append: resumed }),
    );
    for await (let chunk of response.body ?? []) {
      clearTimeout(timer);
      done += chunk.length;
      while (chunk.length > 0) {
        chunk = chunk.subarray(await writing(part, () => file.write(chunk)));
      }
      onProgress(done, total);
      timer = setTimeout(stall, 1000 * stallSeconds);
    }
    if (total !== undefined && done < total) {
      throw new Error(`the server broke off after ${done} of ${total} bytes`);
    }
  } finally {
    clearTimeout(timer);
  }
}

async function hashOf(path: string, algorithm: string): Promise<string> {
  const hash = createHash(algorithm);
  using file = await Deno.open(path);
  for await (const chunk of file.readable) hash.update(chunk);
  return hash.digest("hex");
}
