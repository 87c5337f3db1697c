import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { relative } from "node:path";

/** The layers of lib/ from the bottom up; a room may import those to its left, and none to its right. */
const LAYERS = [
  "checks.ts",
  "random.ts",
  "native",
  "linear_algebra",
  "native.ts",
  "tensorflow",
  "data",
  "metrics",
  "outputs",
  "detectors",
  "models/inference",
  "models/regression",
  "models/perceptron",
  "models/logistic",
  "models/sampling",
  "models/mod.ts",
  "resnet",
  "training",
  "figures",
  "notebook",
  "notebook.ts",
];

const lib = new URL("../lib/", import.meta.url);

/** The layer of a file of lib/, by its place in `LAYERS`; −1 where it is in none. */
const layerOf = (file: string) =>
  LAYERS.findIndex((layer) => file === layer || file.startsWith(`${layer}/`));

/** The files of lib/ by their paths in it. */
function sources(folder = lib): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory
      ? sources(new URL(`${name}/`, folder))
      : name.endsWith(".ts")
      ? [relative(fileURLToPath(lib), fileURLToPath(new URL(name, folder)))]
      : []
  );
}

/** The files of lib/ that `source` imports, types included. */
function importsOf(file: string, source: string): string[] {
  const code = source.replaceAll(/^\s*(\/?\*|\/\/).*$/gm, ""); // examples in comments import as a reader does
  return [...code.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"(\.[^"]+)"/g)]
    .map(([, path]) => fileURLToPath(new URL(path, new URL(file, lib))))
    .map((path) => relative(fileURLToPath(lib), path));
}

/** The imports of `file` that run from a layer to a later one. */
function importsBack(file: string, source: string): string[] {
  return importsOf(file, source)
    .filter((imported) => layerOf(imported) > layerOf(file))
    .map((imported) => `lib/${file} imports lib/${imported}`);
}

Deno.test("every file of lib/ belongs to a layer", () => {
  assertEquals(sources().filter((file) => layerOf(file) < 0), []);
});

Deno.test("no import in lib/ runs back to a later layer", async () => {
  const back = await Promise.all(
    sources().map(async (file) => importsBack(file, await Deno.readTextFile(new URL(file, lib)))),
  );
  assertEquals(back.flat(), []);
});

Deno.test("an import that runs back is found, whatever its form", () => {
  for (
    const code of [
      'import { vim } from "../detectors/mod.ts";',
      'import type { Detector } from "../detectors/mod.ts";',
      'import {\n  type Detector,\n} from "../detectors/mod.ts";',
      'export * from "../detectors/mod.ts";',
      'import "../detectors/mod.ts";',
      'await import("../detectors/mod.ts");',
      'let it: import("../detectors/mod.ts").Detector;',
    ]
  ) {
    assertEquals(importsBack("metrics/auroc.ts", code), [
      "lib/metrics/auroc.ts imports lib/detectors/mod.ts",
    ]);
  }
  assertEquals(importsBack("figures/detection.ts", 'import "../detectors/mod.ts";'), []);
});
