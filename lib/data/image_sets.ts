/**
 * The image data sets as their authors publish them, and their installation into a folder.
 *
 * @module
 */
import { basename, dirname, join } from "node:path";
import { unpack } from "./archives.ts";
import { readCifar } from "./cifar.ts";
import { download, DownloadError, type DownloadOptions, type RemoteFile } from "./download.ts";
import { DataFileError, lockedFile, writing } from "./files.ts";
import { readSvhn } from "./svhn.ts";

/** A published data set: a single file, or a gzipped tar archive with the files that are used. */
export interface PublishedSet extends RemoteFile {
  /** What the set is called. */
  readonly name: string;
  /** The files used, by their paths in the archive, which they keep. A lone file is downloaded to that path. */
  readonly files: readonly string[];
  /** Reads the set in `directory`, where all its files are; throws a {@linkcode DataFileError} where one is damaged. */
  readonly check?: (directory: string) => Promise<unknown>;
}

/**
 * CIFAR-10 and CIFAR-100 from Krizhevsky's page, with its MD5; SVHN from Netzer's page, which speaks plain HTTP, so that
 * only the hashes protect it. The SHA-256 hashes are those that several libraries pin: MLDatasets.jl and red-datasets for
 * CIFAR, torchvision and Fuel for SVHN.
 */
export const PUBLISHED_SETS: readonly PublishedSet[] = [
  {
    name: "CIFAR-100",
    url: "https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz",
    hashes: {
      md5: "03b5dce01913d631647c71ecec9e9cb8",
      sha256: "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec",
    },
    files: ["cifar-100-binary/train.bin", "cifar-100-binary/test.bin"],
    async check(directory) {
      await readCifar("CIFAR-100 training", { directory });
      await readCifar("CIFAR-100 test", { directory });
    },
  },
  {
    name: "CIFAR-10",
    url: "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
    hashes: {
      md5: "c32a1d4ab5d03f1284b67883e8d87530",
      sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
    },
    files: ["cifar-10-batches-bin/test_batch.bin"],
    check: (directory) => readCifar("CIFAR-10 test", { directory }),
  },
  {
    name: "SVHN",
    url: "http://ufldl.stanford.edu/housenumbers/test_32x32.mat",
    hashes: {
      md5: "eb5a983be6a315427106f1b164d9cef3",
      sha256: "cdce80dfb2a2c4c6160906d0bd7c68ec5a99d7ca4831afa54f09182025b6a75b",
    },
    files: ["svhn/test_32x32.mat"],
    check: (directory) => readSvhn({ directory }),
  },
];

/**
 * Downloads a set into `directory` and unpacks what is used of it. Nothing happens where it is installed and whole; what
 * is damaged is replaced once its successor is there. Who installs into the same folder meanwhile waits.
 *
 * @returns whether anything was installed.
 * @throws {DownloadError} as `download` does, or where the archive lacks a file.
 * @throws {DataFileError} where the folder is not writable or the disk is full.
 */
export async function installSet(
  set: PublishedSet,
  directory: string,
  options: DownloadOptions = {},
): Promise<boolean> {
  const target = join(directory, set.files[0]), isArchive = set.url.endsWith(".tar.gz");
  const archive = isArchive ? join(directory, basename(new URL(set.url).pathname)) : target;
  const unpacked = `${dirname(target)}.part`;
  const remains = isArchive ? [`${archive}.part`, unpacked] : [`${archive}.part`];
  const damage = await damageOf(set, directory);
  if (damage === undefined && !await someExist(remains)) return false;
  await writing(directory, () => Deno.mkdir(directory, { recursive: true }));
  const lock = join(directory, ".lock");
  using _ = await lockedFile(lock, {
    onWait: () => options.onNotice?.(`another process is at work in ${directory}: waiting for it`),
  });
  try {
    const installs = await damageOf(set, directory) !== undefined;
    if (installs) {
      if (damage) {
        const what = damage.replace(/[;:] get it again.*/, "");
        options.onNotice?.(`it is downloaded again: ${what}`);
      }
      await download(archive, { ...set, ...options });
      if (isArchive) await replace(set, { archive, unpacked, directory });
    }
    for (const path of remains) await removed(path);
    return installs;
  } finally {
    await removed(lock);
  }
}

/** What is wrong with an installed set; "" where a file is missing. */
async function damageOf(set: PublishedSet, directory: string): Promise<string | undefined> {
  for (const file of set.files) {
    if (!await Deno.stat(join(directory, file)).then((it) => it.isFile, () => false)) return "";
  }
  try {
    await set.check?.(directory);
  } catch (error) {
    if (error instanceof DataFileError) return error.message;
    throw error;
  }
}

/** Puts the files of an archive into their places, once all of them are unpacked. */
async function replace(
  set: PublishedSet,
  { archive, unpacked, directory }: { archive: string; unpacked: string; directory: string },
): Promise<void> {
  await writing(unpacked, async () => {
    await removed(unpacked);
    await Deno.mkdir(unpacked, { recursive: true });
  });
  await unpack(archive, { files: set.files, into: unpacked }).catch(async (error) => {
    if (error instanceof DownloadError) await removed(archive);
    throw error;
  });
  await writing(directory, async () => {
    await Deno.rename(archive, `${archive}.part`);
    for (const file of set.files) {
      await Deno.mkdir(dirname(join(directory, file)), { recursive: true });
      await Deno.rename(join(unpacked, basename(file)), join(directory, file));
    }
  });
}

async function someExist(paths: string[]): Promise<boolean> {
  const found = await Promise.all(
    paths.map((path) => Deno.stat(path).then(() => true, () => false)),
  );
  return found.some(Boolean);
}

async function removed(path: string): Promise<void> {
  await Deno.remove(path, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}
