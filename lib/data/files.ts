/**
 * Files read whole and written whole: errors that name the file and the remedy, and writes that an
 * interruption leaves either done or not begun.
 *
 * @module
 */
import { dirname } from "node:path";

/** Thrown where a file cannot be read, cannot be written, or does not hold what its format promises. */
export class DataFileError extends Error {
  /** The kind of the error. */
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
  return await reading(path, () => Deno.readFile(path), { remedy });
}

/** What `read` returns; where it fails, an error that names `path` and the remedy. */
export async function reading<T>(
  path: string,
  read: () => Promise<T>,
  { remedy = "check the path" }: { remedy?: string } = {},
): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof DataFileError) throw cause;
    throw new DataFileError(`Cannot read ${path}: ${await reason(path, { cause, remedy })}`, {
      cause,
    });
  }
}

/**
 * Opens a file, with its size in bytes.
 *
 * @throws {DataFileError} where it is missing, a directory or not readable.
 */
export function openFile(path: string): Promise<{ file: Deno.FsFile; size: number }> {
  return reading(path, async () => {
    const file = await Deno.open(path);
    const { size, isDirectory } = await file.stat();
    if (!isDirectory) return { file, size };
    file.close();
    throw new Deno.errors.IsADirectory();
  });
}

/**
 * Fills `bytes` with those of an open file that begin at `offset`; `path` is its name in errors.
 *
 * @throws {DataFileError} where it ends before.
 */
export function readAt(
  file: Deno.FsFile,
  bytes: Uint8Array,
  { offset, path }: { offset: number; path: string },
): Promise<void> {
  return reading(path, async () => {
    await file.seek(offset, Deno.SeekMode.Start);
    for (let rest = bytes; rest.length > 0;) {
      const read = await file.read(rest);
      if (read === null) throw new Error("it was cut off while it was read; get or make it again");
      rest = rest.subarray(read);
    }
  });
}

/**
 * Writes `bytes` to `path`, making its folder where needed. The bytes go to `path.part`, reach the disk, and
 * only then take the name: a reader, also after a crash, finds the old file or the new one, never a part. Who writes to
 * the same path meanwhile waits.
 *
 * @throws {DataFileError} where the place is not writable or the disk is full.
 */
export async function writeFileAtomically(path: string, bytes: Uint8Array | string): Promise<void> {
  const part = `${path}.part`;
  await writing(path, () => Deno.mkdir(dirname(path), { recursive: true }));
  using file = await lockedFile(part);
  await writing(path, async () => {
    try {
      await file.truncate();
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

/**
 * Opens the file at `path`, made where there is none, once nobody else holds it so, in this process or another;
 * `onWait` is called where somebody does. Who holds it may rename or remove it. Closing it, or the end of the process,
 * lets the next one in.
 *
 * @throws {DataFileError} where the place is not writable.
 */
export async function lockedFile(
  path: string,
  { onWait = () => {} }: { onWait?: () => void } = {},
): Promise<Deno.FsFile> {
  for (let waits = false;;) {
    const file = await writing(
      path,
      () => Deno.open(path, { read: true, write: true, create: true }),
    );
    try {
      if (!await file.tryLock(true)) {
        if (!waits) onWait();
        waits = true;
        await file.lock(true);
      }
      // Who held it may have renamed or removed it meanwhile: then the name is another file's, or free.
      const { dev, ino } = await file.stat();
      const named = await Deno.stat(path).catch(() => undefined);
      if (named?.ino === ino && named.dev === dev) return file;
    } catch (error) {
      file.close();
      throw error;
    }
    file.close();
  }
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
