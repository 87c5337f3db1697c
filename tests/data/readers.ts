/** Every reader of files, with good files to damage. */
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { packTar } from "modern-tar";
import { parseCarbonDioxide } from "../../lib/data/carbon_dioxide.ts";
import { parseCifar } from "../../lib/data/cifar.ts";
import { DownloadError } from "../../lib/data/download.ts";
import { DataFileError } from "../../lib/data/files.ts";
import { unpack } from "../../lib/data/archives.ts";
import { parseMatlab } from "../../lib/data/matlab.ts";
import { readLabels, readMatrix } from "../../lib/data/matrix_files.ts";
import { parsePenguins } from "../../lib/data/penguins.ts";
import { parseSafetensors } from "../../lib/data/safetensors.ts";
import { parseSvhn } from "../../lib/data/svhn.ts";
import { allEpochs, readTrainingLog } from "../../lib/training/log.ts";
import type { Reader } from "./fuzz.ts";
import { cifarFile, svhnFile } from "./image_files.ts";
import * as reference from "./reference_files.ts";

/** A reader, what it may throw, and files that it reads. */
export interface FuzzedReader {
  readonly reader: Reader;
  readonly errors: readonly (new (...args: never[]) => Error)[];
  readonly samples: readonly Uint8Array[];
  readonly head?: number;
  /** Whether the reader needs each mutant in a file. */
  readonly onDisk?: boolean;
}

const text = (content: string) => new TextEncoder().encode(content);
const asText = (parse: (text: string) => unknown): Reader => (bytes) =>
  parse(new TextDecoder().decode(bytes));

/** The readers, by name; what those that read from the disk need is written into `folder`. */
export async function fuzzedReaders(folder: string): Promise<Record<string, FuzzedReader>> {
  const onDisk = (file: string, read: (path: string) => Promise<unknown>) => {
    const path = join(folder, file);
    const reader: Reader = async (bytes) => {
      await Deno.writeFile(path, bytes);
      return await read(path);
    };
    return { reader, onDisk: true };
  };
  const tar = await packTar([
    { header: { name: "toys/", size: 0, type: "directory" } },
    { header: { name: "toys/a.bin", size: 700 }, body: new Uint8Array(700).fill(7) },
    { header: { name: `toys/${"skipped".repeat(20)}`, size: 900 }, body: new Uint8Array(900) },
    { header: { name: "toys/b.txt", size: 3 }, body: text("abc") },
  ]);
  const archive = gzipSync(tar);
  const into = join(folder, "unpacked");
  await Deno.mkdir(into, { recursive: true });
  const files = ["toys/a.bin", "toys/b.txt"];
  const unpackFrom = onDisk("toys.tar.gz", (path) => unpack(path, { files, into }));
  const log = await Deno.readFile(
    new URL("../../data/resnet18-cifar100/log.json", import.meta.url),
  );
  const numeric = (kind: keyof typeof reference.csv) => text(String(reference.csv[kind]));
  const errors = [DataFileError];
  return {
    safetensors: {
      reader: parseSafetensors,
      errors,
      samples: [
        reference.safetensors.bytes,
        ...[...reference.safetensors.edges.values()].map(({ bytes }) => bytes),
      ],
      head: 1300,
    },
    "safetensors in blocks": {
      ...onDisk("x.safetensors", (path) => readMatrix(path, { tensor: "F16" })),
      errors,
      samples: [reference.safetensors.bytes],
      head: 1300,
    },
    npy: {
      ...onDisk("x.npy", readMatrix),
      errors,
      samples: [...reference.npy.values()].map(({ bytes }) => bytes),
      head: 128,
    },
    CSV: {
      ...onDisk("x.csv", readMatrix),
      errors,
      samples: (["pandas", "pandas_named", "pandas_windows", "numpy"] as const).map(numeric),
    },
    "CSV of labels": {
      ...onDisk("y.csv", readLabels),
      errors,
      samples: [text("label\n3\n0\n1\n2\n"), text("0\r\n1\r\n")],
    },
    MATLAB: {
      reader: parseMatlab,
      errors,
      samples: [...reference.mat.values()].map(({ bytes }) => bytes),
    },
    SVHN: {
      reader: parseSvhn,
      errors,
      samples: [
        svhnFile([1, 2, 3]),
        svhnFile([1, 2, 3], { compressed: false, doubles: true }),
      ],
    },
    "CIFAR-100": {
      reader: (bytes) => parseCifar(bytes, { format: "CIFAR-100" }),
      errors,
      samples: [cifarFile("CIFAR-100", [[0, 0], [1, 1], [19, 99]])],
      head: 3,
    },
    "CIFAR-10": {
      reader: (bytes) => parseCifar(bytes, { format: "CIFAR-10" }),
      errors,
      samples: [cifarFile("CIFAR-10", [[0], [9]])],
      head: 2,
    },
    "tar.gz": { ...unpackFrom, errors: [DataFileError, DownloadError], samples: [archive] },
    tar: {
      onDisk: true,
      reader: (bytes) => unpackFrom.reader(new Uint8Array(gzipSync(bytes, { level: 1 }))),
      errors: [DataFileError, DownloadError],
      samples: [tar],
      head: 1600,
    },
    "CO2 table": {
      reader: asText(parseCarbonDioxide),
      errors: [SyntaxError],
      samples: [
        text("Date,CO2,adjusted CO2\n1958-03-01,315.70,314.44\n1958-05-01,317.51,314.71\n"),
      ],
    },
    penguins: {
      reader: asText(parsePenguins),
      errors: [SyntaxError],
      samples: [text(PENGUINS)],
    },
    "training log": {
      ...onDisk("log.json", async () => allEpochs(await readTrainingLog("log.json", { folder }))),
      errors,
      samples: [log],
    },
  };
}

const PENGUINS = JSON.stringify([
  {
    "Species": "Adelie",
    "Island": "Torgersen",
    "Beak Length (mm)": 39.1,
    "Beak Depth (mm)": 18.7,
    "Flipper Length (mm)": 181,
    "Body Mass (g)": 3750,
    "Sex": "MALE",
  },
  {
    "Species": "Gentoo",
    "Island": "Biscoe",
    "Beak Length (mm)": 46.1,
    "Beak Depth (mm)": 13.2,
    "Flipper Length (mm)": 211,
    "Body Mass (g)": 4500,
    "Sex": ".",
  },
]);
