/**
 * The image data sets as their authors publish them, and their installation into a folder.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { createTarDecoder } from "modern-tar";
import { download, DownloadError, type DownloadOptions, type RemoteFile } from "./download.ts";
import { DataFileError, writing } from "./files.ts";

/** A published data set: a single file, or a gzipped tar archive with the files that are used. */
export interface PublishedSet extends RemoteFile {
  readonly name: string;
  /** The files used, by their paths in the archive, which they keep. A lone file is downloaded to that path. */
  readonly files: readonly string[];
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
    files: ["train.bin", "test.bin", "fine_label_names.txt", "coarse_label_names.txt"].map(
      (file) => `cifar-100-binary/${file}`,
    ),
  },
  {
    name: "CIFAR-10",
    url: "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
    hashes: {
      md5: "c32a1d4ab5d03f1284b67883e8d87530",
      sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
    },
    files: ["test_batch.bin", "batches.meta.txt"].map((file) => `cifar-10-batches-bin/${file}`),
  },
  {
    name: "SVHN",
    url: "http://ufldl.stanford.edu/housenumbers/test_32x32.mat",
    hashes: {
      md5: "eb5a983be6a315427106f1b164d9cef3",
      sha256: "cdce80dfb2a2c4c6160906d0bd7c68ec5a99d7ca4831afa54f09182025b6a75b",
    },
    files: ["svhn/test_32x32.mat"],
  },
];

/**
 * Downloads a set into `directory` and unpacks what is used of it. Nothing happens where it is installed; an installation
 * that is interrupted leaves none of its files in place.
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
  const target = join(directory, set.files[0]);
  const installed = await Promise.all(
    set.files.map((file) => Deno.stat(join(directory, file)).then((it) => it.isFile, () => false)),
  );
  if (installed.every(Boolean)) return false;
  if (!set.url.endsWith(".tar.gz")) {
    await download(target, { ...set, ...options });
    return true;
  }
  const archive = join(directory, set.url.split("/").at(-1)!);
  await download(archive, { ...set, ...options });
  const unpacked = `${dirname(target)}.part`;
  await writing(unpacked, async () => {
    await Deno.remove(unpacked, { recursive: true }).catch(() => {});
    await Deno.mkdir(unpacked, { recursive: true });
  });
  await unpack(archive, { set, into: unpacked });
  await writing(target, async () => {
    await Deno.remove(dirname(target), { recursive: true }).catch(() => {});
    await Deno.rename(unpacked, dirname(target));
    await Deno.remove(archive);
  });
  return true;
}

/** Writes the files of `set` in `archive` into one folder. */
async function unpack(
  archive: string,
  { set, into }: { set: PublishedSet; into: string },
): Promise<void> {
  const missing = new Set(set.files);
  using file = await Deno.open(archive);
  const entries = file.readable.pipeThrough(new DecompressionStream("gzip"))
    .pipeThrough(createTarDecoder());
  try {
    for await (const { header, body } of entries) {
      const name = header.name.replace(/^\.\//, "");
      if (header.type !== "file" || !missing.delete(name)) {
        await body.cancel();
        continue;
      }
      const path = join(into, name.split("/").at(-1)!);
      const output = await writing(path, () => Deno.create(path));
      await writing(path, () => body.pipeTo(output.writable));
    }
  } catch (cause) {
    if (cause instanceof DataFileError) throw cause;
    const { message } = cause as Error;
    throw new DownloadError(`${archive} cannot be unpacked (${message}): remove it and try again`, {
      cause,
    });
  }
  if (missing.size > 0) {
    throw new DownloadError(`${archive} lacks ${[...missing].join(", ")}: remove it and try again`);
  }
}
