/**
 * Gzipped tar archives.
 *
 * @module
 */
import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { unpackTar } from "modern-tar/fs";
import { DownloadError } from "./transfer.ts";
import { writing } from "./files.ts";

/**
 * Writes `files` of a gzipped tar archive into the folder `into`, without the folders of their paths.
 *
 * @throws {DownloadError} where the archive is damaged or cut off, or lacks a file.
 * @throws {DataFileError} where the folder is not writable or the disk is full.
 */
export async function unpack(
  archive: string,
  { files, into }: { files: readonly string[]; into: string },
): Promise<void> {
  const missing = new Set(files);
  const target = unpackTar(into, {
    strict: true,
    fmode: 0o644,
    filter: ({ name, type }) => type === "file" && missing.delete(name.replace(/^\.\//, "")),
    map: (header) => ({ ...header, name: basename(header.name) }),
  });
  try {
    await pipeline(createReadStream(archive), createGunzip(), target);
  } catch (cause) {
    const { message, syscall } = cause as Error & { syscall?: string };
    if (syscall !== undefined) await writing(into, () => Promise.reject(cause));
    throw new DownloadError(
      `${archive} cannot be unpacked (${message}) and is removed: try again`,
      {
        cause,
      },
    );
  }
  if (missing.size > 0) {
    throw new DownloadError(
      `${archive} lacks ${[...missing].join(", ")} and is removed: try again`,
    );
  }
}
