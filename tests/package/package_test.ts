import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { extname } from "node:path";
import config from "../../deno.json" with { type: "json" };
import { path, root } from "../../tasks/shared/environment.ts";
import { type Outcome, outcome } from "../../tasks/shared/task.ts";

const program = path("tests/package/use.ts");

/** Runs `use` in an empty folder. */
async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const deno = (folder: string, ...args: string[]) =>
  outcome(Deno.execPath(), args, { cwd: folder, env: { NO_COLOR: "1" } });

/** What `program` prints, wherever it ran. */
function checkOutput({ success, output, errors }: Outcome): void {
  assert(success, errors);
  const { area, interval: [low, high], score, parameters } = JSON.parse(output);
  assertEquals([area, parameters], [1, 3]);
  assertAlmostEquals(score, Math.LN2, 1e-15);
  assert(0.4 < low && low < high && high <= 1);
}

/** What the names of the package's rooms stand for, each below `base`. */
const roomsBelow = (base: string) =>
  Object.fromEntries(
    Object.entries(config.exports).map(([room, file]) => [
      `${config.name}${room.slice(1)}`,
      `${base}${file.slice(2)}`,
    ]),
  );

Deno.test("another project imports the library by path, once its deno.json links this one", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/deno.json`, JSON.stringify({ links: [root] }));
    await Deno.copyFile(path("deno.lock"), `${folder}/deno.lock`);
    await Deno.copyFile(program, `${folder}/use.ts`);
    checkOutput(await deno(folder, "run", "--quiet", "--check", "use.ts"));
  }));

/** Serves the library as a registry does: its sources, with the packages that deno.json names in their imports. */
function serve(): Deno.HttpServer<Deno.NetAddr> {
  const packages = Object.entries(config.imports);
  const address = (name: string) => {
    const found = packages.find(([it]) => name === it || name.startsWith(`${it}/`));
    return found ? `${found[1]}${name.slice(found[0].length)}` : name;
  };
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async ({ url }) => {
    const file = path(new URL(url).pathname.slice(1));
    if (extname(file) !== ".ts") return new Response(null, { status: 404 });
    const source = await Deno.readTextFile(file);
    return new Response(
      source.replaceAll(
        /(from |import |import\()"([^."][^":]*)"/g,
        (_, word, name) => `${word}"${address(name)}"`,
      ),
      { headers: { "content-type": "application/typescript" } },
    );
  });
}

Deno.test("every room is imported over http, as from a registry, and a program that uses them runs", () =>
  inFolder(async (folder) => {
    await using server = serve();
    const imports = roomsBelow(`http://127.0.0.1:${server.addr.port}/`);
    await Deno.writeTextFile(`${folder}/deno.json`, JSON.stringify({ imports }));
    await Deno.copyFile(path("deno.lock"), `${folder}/deno.lock`);
    await Deno.copyFile(program, `${folder}/use.ts`);
    const importAll = Object.keys(imports).map((room) => `await import("${room}");`).join("\n");
    await Deno.writeTextFile(`${folder}/all.ts`, importAll);
    checkOutput(await deno(folder, "run", "--quiet", "--no-check", "--allow-import", "use.ts"));
    const all = await deno(folder, "run", "--quiet", "--no-check", "-A", "all.ts");
    assert(all.success, all.errors);
  }));

/** Whether a program is there to be run. */
async function present(name: string): Promise<boolean> {
  try {
    return (await outcome(name, ["--version"])).success;
  } catch {
    return false;
  }
}

/** Whether this Deno builds the npm package. */
const packs = (await outcome(Deno.execPath(), ["pack", "--help"])).success;

Deno.test(
  "the npm package is installed into a Node project, type-checked and run, also by Bun where it is",
  {
    ignore: !packs || !await present("npm"),
  },
  () =>
    inFolder(async (folder) => {
      const built = await outcome(
        Deno.execPath(),
        ["run", "-A", path("tasks/build_npm.ts"), "--output", folder],
        { cwd: root },
      );
      assert(built.success, built.errors);
      const files = {
        "package.json": { private: true, type: "module" },
        "tsconfig.json": {
          compilerOptions: {
            ...{ strict: true, module: "nodenext", target: "es2022", lib: ["esnext", "dom"] },
            types: [],
          },
          files: ["use.ts"],
        },
      };
      for (const [name, content] of Object.entries(files)) {
        await Deno.writeTextFile(`${folder}/${name}`, JSON.stringify(content));
      }
      await Deno.copyFile(program, `${folder}/use.ts`);
      const run = (command: string, ...args: string[]) => outcome(command, args, { cwd: folder });
      for (
        const [command, ...args] of [
          ["npm", "install", "--no-audit", "--no-fund", built.output.trim(), "typescript@5.9.3"],
          ["npx", "tsc", "--project", "."],
        ]
      ) {
        const { success, output, errors } = await run(command, ...args);
        assert(success, output + errors);
      }
      checkOutput(await run("node", "use.js"));
      if (await present("bun")) checkOutput(await run("bun", "use.ts"));
    }),
);
