/**
 * Large files over the network: downloaded with resumption, believed only when their hashes match.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { dirname } from "node:path";
import { writing } from "./files.ts";
import { byHand, DownloadError, type DownloadOptions, transfer, webPage } from "./transfer.ts";
import { fetchUndecoded } from "./undecoded.ts";

export { DownloadError, type DownloadOptions } from "./transfer.ts";

/** A file on a server. */
export interface RemoteFile {
  /** Where it is downloaded from. */
  readonly url: string;
  /** Published hashes in hexadecimal; each is checked. */
  readonly hashes: Readonly<Partial<Record<"md5" | "sha256", string>>>;
}

/**
 * Downloads a file to `path`, or finds it there with the right hashes. What has arrived is kept in `path.part`, from where an interrupted download continues; the
 * file gets its name only when every hash matches.
 *
 * @throws {DownloadError} where the server refuses, sends a web page, breaks off or stalls again and again, or sends
 * something with other hashes (that is removed).
 * @throws {DataFileError} where the folder is not writable or the disk is full.
 */
export async function download(
  path: string,
  { url, hashes, ...options }: RemoteFile & DownloadOptions,
): Promise<void> {
  if (Object.keys(hashes).length > 0 && await isFile(path)) {
    if (await wrongHash(path, hashes) === undefined) return;
  }
  const part = `${path}.part`;
  await writing(path, () => Deno.mkdir(dirname(path), { recursive: true }));
  await transfer(part, { url, path, ...options });
  let wrong = await wrongHash(part, hashes);
  if (wrong !== undefined && url.endsWith(".gz") && !await beginsWith(part, GZIP)) {
    // A server that labels an archive itself with Content-Encoding: gzip makes fetch() unpack it.
    await Deno.remove(part);
    await transfer(part, { url, path, ...options, fetch: fetchUndecoded });
    wrong = await wrongHash(part, hashes);
  }
  if (wrong !== undefined) {
    const isPage = await beginsWith(part, "<");
    await Deno.remove(part);
    if (isPage) throw new DownloadError(webPage(url, path));
    throw new DownloadError(
      `${url} ${wrong}: it was damaged or replaced on the way and is not used. Try again; if it stays so, ` +
        byHand(path),
    );
  }
  await writing(path, () => Deno.rename(part, path));
}

const GZIP = "\x1f\x8b";

function isFile(path: string): Promise<boolean> {
  return Deno.stat(path).then((it) => it.isFile, () => false);
}

async function beginsWith(path: string, text: string): Promise<boolean> {
  using file = await Deno.open(path);
  const start = new Uint8Array(text.length);
  await file.read(start);
  return String.fromCharCode(...start) === text;
}

/** How the file at `path` differs from what was published, if it does. */
async function wrongHash(
  path: string,
  hashes: RemoteFile["hashes"],
): Promise<string | undefined> {
  for (const [algorithm, expected] of Object.entries(hashes)) {
    const hash = createHash(algorithm);
    using file = await Deno.open(path);
    for await (const chunk of file.readable) hash.update(chunk);
    const actual = hash.digest("hex");
    if (actual !== expected) {
      return `has the ${algorithm} hash ${actual}, published is ${expected}`;
    }
  }
}
