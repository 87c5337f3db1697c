/**
 * Runs tfjs-core's own test suite on this engine.
 *
 * The suite, the engine and tfjs-node's kernels are bundled into one program with one tfjs-core. What tfjs-node leaves
 * out of the suite (its list in `dist/run_tests.js`) is left out here; nothing else is.
 *
 * @module
 */
import * as esbuild from "esbuild";
import jasmineCore from "jasmine-core";
import { isBuiltin } from "node:module";
import { task } from "./shared/task.ts";

const project = new URL("../", import.meta.url);
const packages = "./node_modules/@tensorflow/";

/** Names, or parts of names, of the tests that tfjs-node skips. */
function readIgnoreList(): string[] {
  const source = Deno.readTextFileSync(
    new URL(`${packages}tfjs-node-gpu/dist/run_tests.js`, project),
  );
  const list = source.match(/var IGNORE_LIST = (\[[\s\S]*?\n\]);/);
  if (!list) throw new Error("tfjs-node's run_tests.js has no IGNORE_LIST where it is expected");
  return new Function(`return ${list[1]}`)();
}

async function bundle(): Promise<string> {
  const library = new URL("lib/tensorflow/library.ts", project).href; // stands for all of lib, two folders deep
  const { outputFiles } = await esbuild.build({
    stdin: {
      contents: `
        import "@tensorflow/tfjs";
        import "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops";
        import "@tensorflow/tfjs-core/dist/register_all_gradients";
        import { setTestEnvs } from "@tensorflow/tfjs-core/dist/jasmine_util";
        import { describeDevice } from "./lib/tensorflow/device.ts";
        const { backend, library } = describeDevice();
        if (backend !== "tensorflow") throw new Error("There is no TensorFlow library to test: deno task setup");
        console.log("tfjs-core's tests on " + library);
        setTestEnvs([{ name: "test-tensorflow", backendName: "tensorflow", flags: {}, isDataSync: true }]);
        await import("@tensorflow/tfjs-core/dist/tests");
      `,
      resolveDir: new URL(".", project).pathname,
    },
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    ignoreAnnotations: true, // tfjs-core declares its tests free of side effects
    mainFields: ["module", "main"],
    banner: {
      js:
        'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    define: { "import.meta.url": JSON.stringify(library) },
    logLevel: "error",
    plugins: [{
      name: "one tfjs-core",
      setup({ onLoad, onResolve }) {
        // tfjs-node is compiled to functions, and cannot call the constructor of tfjs-core's class as one.
        onLoad({ filter: /nodejs_kernel_backend\.js$/ }, async ({ path }) => ({
          contents: (await Deno.readTextFile(path)).replace(
            "_super.call(this) || this",
            "Reflect.construct(_super, [], NodeJSKernelBackend)",
          ),
        }));
        // Deno knows Node's modules by their prefix alone.
        onResolve(
          { filter: /^\w+$/ },
          ({ path }) => isBuiltin(path) ? { path: `node:${path}`, external: true } : undefined,
        );
      },
    }],
  });
  await esbuild.stop();
  const file = await Deno.makeTempFile({ suffix: ".mjs" });
  await Deno.writeFile(file, outputFiles[0].contents);
  return file;
}

interface Result {
  fullName: string;
  status: "passed" | "failed" | "excluded" | "pending";
  failedExpectations: { message: string }[];
}

async function runSuite(patterns: string[]): Promise<void> {
  const jasmine = jasmineCore.boot(jasmineCore);
  const ignored = readIgnoreList();
  jasmine.getEnv().configure({
    random: false,
    specFilter: (spec: { getFullName(): string }) => {
      const name = spec.getFullName();
      return patterns.every((pattern) => name.includes(pattern)) &&
        !ignored.some((part) => name.includes(part));
    },
  });

  const counts: Record<string, number> = {};
  jasmine.getEnv().addReporter({
    specDone({ fullName, status, failedExpectations }: Result) {
      counts[status] = (counts[status] ?? 0) + 1;
      if (status !== "failed") return;
      console.error(`\n${fullName}`);
      for (const { message } of failedExpectations) console.error(`  ${message}`);
    },
  });

  const file = await bundle();
  try {
    await import(`file://${file}`);
  } finally {
    await Deno.remove(file);
  }
  await jasmine.getEnv().execute();
  const { passed = 0, failed = 0, excluded = 0, pending = 0 } = counts;
  console.log(`${passed} passed, ${failed} failed, ${excluded + pending} left out`);
  if (failed > 0 || passed === 0) Deno.exit(1);
}

await task("conformance", {
  words: { name: "PATTERN", meaning: "run only the tests with this in their name" },
  details: "What tfjs-node leaves out of the suite is left out here; nothing else is.",
  examples: { conformance: "the whole suite", "conformance conv2d": "what concerns convolutions" },
}, (_, patterns) => runSuite(patterns));
