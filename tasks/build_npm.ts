/**
 * Builds the npm package: what of the library runs outside Deno, as ES modules with types.
 *
 * @module
 */
import { stop, transform, type TransformOptions } from "esbuild";
import { packTar, type TarEntry, unpackTar } from "modern-tar";
import { path, root } from "./shared/environment.ts";
import { outcome, Problem, task } from "./shared/task.ts";

/** Rooms that call native libraries, which only Deno can open. */
const DENO_ONLY = ["native", "resnet", "tensorflow", "training"];
/** How scripts are lowered; Node 20 to 23 have no Float16Array, which only files of that type need. */
const NODE: TransformOptions = {
  target: "node20",
  format: "esm",
  define: { Float16Array: "globalThis.Float16Array" },
};
/** What only figures need. */
const FOR_FIGURES = ["@observablehq/plot", "jsdom"];

async function build({ output = path("dist") }: { output?: string }): Promise<void> {
  const folder = await Deno.makeTempDir(), whole = `${folder}/whole.tgz`;
  try {
    const { success, errors } = await outcome(
      Deno.execPath(),
      ["pack", "--quiet", "--no-source-maps", "--allow-dirty", `--output=${whole}`],
      { cwd: root, env: { NO_COLOR: "1" } },
    );
    if (!success) {
      throw new Problem(
        `deno pack, which Deno has from 2.9 on, failed: ${errors.trim().split("\n")[0]}`,
      );
    }
    const file = await Deno.open(whole);
    const packed = await unpackTar(file.readable.pipeThrough(new DecompressionStream("gzip")));
    const entries = await Promise.all(
      packed.filter(({ header: { name } }) => !DENO_ONLY.some((room) => isOf(room, name)))
        .map(({ header: { name }, data }) => entryOf(name, data!)),
    );
    await stop();
    const tar = new Blob([await packTar(entries)]).stream();
    await Deno.mkdir(output, { recursive: true });
    const target = `${output}/robust-deep-learning-lib.tgz`;
    await Deno.writeFile(target, tar.pipeThrough(new CompressionStream("gzip")));
    console.log(target);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function isOf(room: string, file: string): boolean {
  return new RegExp(`^package/lib/${room}(/|\\.)`).test(file);
}

/** A file of the package: scripts in the JavaScript of Node 20, package.json as `described`. */
async function entryOf(name: string, data: Uint8Array): Promise<TarEntry> {
  const text = () => new TextDecoder().decode(data);
  const body = name === "package/package.json"
    ? described(text())
    : name.endsWith(".js")
    ? (await transform(text(), NODE)).code
    : data;
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  return { header: { name, size: bytes.length }, body: bytes };
}

/** package.json without the rooms and packages that are left out; those for figures are optional. */
function described(text: string): string {
  const { exports, dependencies, ...rest } = JSON.parse(text);
  const without = (object: Record<string, unknown>, unwanted: (key: string) => boolean) =>
    Object.fromEntries(Object.entries(object).filter(([key]) => !unwanted(key)));
  const described = {
    ...rest,
    sideEffects: false,
    engines: { node: ">=20" },
    exports: without(exports, (key) => DENO_ONLY.includes(key.slice("./".length))),
    dependencies: without(
      dependencies,
      (key) => FOR_FIGURES.includes(key) || key.startsWith("@tensorflow/"),
    ),
    peerDependencies: without(dependencies, (key) => !FOR_FIGURES.includes(key)),
    peerDependenciesMeta: Object.fromEntries(FOR_FIGURES.map((key) => [key, { optional: true }])),
  };
  return JSON.stringify(described, null, 2) + "\n";
}

await task("build:npm", {
  options: { output: { type: "text", meaning: "the folder to write to (default: dist)" } },
  details: `The rooms ${
    DENO_ONLY.join(", ")
  } need Deno and are left out. Publishing is a person's act:
npm publish dist/robust-deep-learning-lib.tgz`,
  examples: { "build:npm": "writes dist/robust-deep-learning-lib.tgz" },
}, build);
