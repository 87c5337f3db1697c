/**
 * Files read whole and written whole: errors that name the file and the remedy, and writes that an
 * interruption leaves either done or not begun.
 *
 * @module
 */
import { dirname } from "node:path";

/** Thrown where a file cannot be read, cannot be written, or does not hold what its format promises. */
export class DataFileError extends Error {
  override name = "DataFileError";
}

/**
 * The bytes of a file; `remedy` is what to do where there is none.
 *
 * @throws {DataFileError} where it is missing, a directory or not readable.
 */
export async function readFile(
  path: string,
  { remedy = "check the path" }: { remedy?: string } = {},
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(path);
  } catch (cause) {
    throw new DataFileError(`Cannot read ${path}: ${await reason(path, { cause, remedy })}`, {
      cause,
    });
  }
}

/**
 * Writes `bytes` to `path`, making its folder where needed. The bytes go to `path.part`, reach the disk, and
 * only then take the name: a reader, also after a crash, finds the old file or the new one, never a part.
 *
 * @throws {DataFileError} where the place is not writable or the disk is full.
 */
export async function writeFileAtomically(path: string, bytes: Uint8Array | string): Promise<void> {
  const part = `${path}.part`;
  await writing(path, async () => {
    await Deno.mkdir(dirname(path), { recursive: true });
    try {
      using file = await Deno.open(part, { write: true, create: true, truncate: true });
      let rest = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
      while (rest.length > 0) rest = rest.subarray(await file.write(rest));
      await file.sync();
      await Deno.rename(part, path);
    } catch (error) {
      await Deno.remove(part).catch(() => {});
      throw error;
    }
  });
}

/** Writes `value` as JSON; see `writeFileAtomically`. */
export function writeJson(path: string, value: unknown): Promise<void> {
  return writeFileAtomically(path, JSON.stringify(value, null, 1) + "\n");
}

/** What `write` returns; where it fails, an error that names `path` and the remedy. */
export async function writing<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    throw new DataFileError(`Cannot write ${path}: ${await reason(path, { cause })}`, { cause });
  }
}

/** What a person can do about a failed file operation. */
async function reason(
  path: string,
  { cause, remedy = "check the path" }: { cause: unknown; remedy?: string },
): Promise<string> {
  const isDirectory = await Deno.stat(path).then((it) => it.isDirectory, () => false);
  if (isDirectory) return "it is a directory, a file is needed; move it away or give another path";
  if (cause instanceof Deno.errors.NotFound) return `there is no such file; ${remedy}`;
  if (cause instanceof Deno.errors.PermissionDenied || cause instanceof Deno.errors.NotCapable) {
    return "permission denied; allow it, or give a path that you may use";
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  if (/ENOSPC|no space left|os error 28|os error 122/i.test(message)) {
    return "the disk is full; free some space and try again";
  }
  return message;
}
