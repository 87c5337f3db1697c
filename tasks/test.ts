/**
 * Runs the tests of lib/ and tests/, the examples in doc comments, and checks library and notebooks for types, lint and format.
 * Those that need a browser are `deno task test:browser`.
 *
 * @module
 */

import { path, root } from "./shared/environment.ts";
import { findNotebooks, joined, readNotebook } from "./report/notebooks.ts";
import { setUp } from "./setup.ts";
import { outcome, task } from "./shared/task.ts";

const deno = Deno.execPath();

/** A check by a command: passes when the command succeeds. */
interface Check {
  name: string;
  args: string[];
  /** Makes what the command says true for the reader. */
  tell?: (said: string) => string;
  /** The file that the command must leave as it is. */
  unchanged?: string;
}

async function test({ filter }: { filter?: string }, files: string[]): Promise<void> {
  await setUp();
  const some = filter !== undefined || files.length > 0;
  const tests = await runTests([
    ...filter === undefined ? [] : [`--filter=${filter}`],
    ...files.length > 0 ? files : ["lib", "tests", "README.md"],
  ]);
  const checks = some ? [] : [...projectChecks, ...await notebookChecks()];
  let [passed, failed] = tests;
  for (const { name, args, tell, unchanged } of checks) {
    const before = unchanged && await Deno.readTextFile(path(unchanged));
    const { success: ran, output, errors } = await outcome(deno, args, {
      cwd: root,
      env: { NO_COLOR: "1" },
    });
    const success = ran && (!unchanged || await Deno.readTextFile(path(unchanged)) === before);
    console.log(
      `${name} ... ${success ? "ok" : `FAILED\n${tell ? tell(output + errors) : output + errors}`}`,
    );
    if (success) passed++;
    else failed++;
  }
  console.log(`\n${passed} passed, ${failed} failed`);
  if (failed > 0) Deno.exit(1);
}

/** Passes the tests' own output on and returns how many passed and failed; a run that breaks off counts as one failure. */
async function runTests(args: string[]): Promise<[passed: number, failed: number]> {
  const command = new Deno.Command(deno, {
    args: ["test", "-P", "--doc", "--no-check", "--no-prompt", ...args],
    cwd: root,
    stdout: "piped",
    env: { NO_COLOR: "1" },
  }).spawn();
  let said = "";
  for await (const chunk of command.stdout.pipeThrough(new TextDecoderStream())) {
    await Deno.stdout.write(new TextEncoder().encode(chunk));
    said += chunk;
  }
  const { success } = await command.status;
  const summary = /(\d+) passed.*\| (\d+) failed/.exec(
    said.split("\n").findLast((line) => / passed.*failed/.test(line)) ?? "",
  );
  const [passed, failed] = summary ? [Number(summary[1]), Number(summary[2])] : [0, 0];
  return [passed, success ? failed : Math.max(failed, 1)];
}

const projectChecks: Check[] = [
  {
    name: "types of lib, site, tests and tasks",
    args: ["check", "--quiet", "--doc", "lib", "report/site", "tests", "tasks", "README.md"],
  },
  {
    name: "lint of lib, site, tests and tasks",
    args: ["lint", "--quiet", "lib", "report/site", "tests", "tasks"],
  },
  {
    name: "format of all but notebooks",
    args: [
      ...[
        "fmt",
        "--check",
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "SECURITY.md",
        "deno.json",
        ".github",
      ],
      ...["lib", "report", "tasks", "tests"],
    ],
  },
  { name: "the package as it would be published", args: ["publish", "--dry-run", "--allow-dirty"] },
];

/**
 * Types and lint of every notebook, whose code is read as one module that lies where its relative imports hold, and its format: that of a
 * copy, as `deno fmt --check` (2.7 to 2.9) calls every notebook unformatted that it has not formatted itself.
 */
async function notebookChecks(): Promise<Check[]> {
  const checks: Check[] = [];
  for (const file of await findNotebooks()) {
    const script = `.venv/${file.split("/").at(-1)!.replace(/ipynb$/, "ts")}`;
    const lines = (await readNotebook(file)).cells
      .filter((cell) => cell.cell_type === "code")
      .flatMap((cell, i) =>
        joined(cell.source).split("\n").map((line, j) => ({
          line,
          place: `code cell ${i + 1}, line ${j + 1}`,
        }))
      );
    await Deno.writeTextFile(path(script), lines.map(({ line }) => line).join("\n") + "\n");
    const tell = (said: string) =>
      said.replace(
        /\S*\.venv\/week-[^:\s]*:(\d+)(:\d+)?/g,
        (_, n) => `${file}, ${lines[Number(n) - 1]?.place}`,
      );
    const copy = script.replace(/ts$/, "ipynb");
    await Deno.copyFile(path(file), path(copy));
    checks.push(
      {
        name: `format of ${file} (\`deno fmt\` repairs it)`,
        args: ["fmt", "--quiet", copy],
        unchanged: copy,
      },
      { name: `types of ${file}`, args: ["check", "--quiet", script], tell },
      { name: `lint of ${file}`, args: ["lint", "--quiet", script], tell },
    );
  }
  return checks;
}

await task("test", {
  words: { name: "FILE", meaning: "run only the tests of these files and folders, and no checks" },
  options: { filter: { type: "text", meaning: "run only the tests with this in their name" } },
  details: "The last line is `N passed, N failed`.",
  examples: { test: "all tests and checks", "test tests/metrics": "the tests of one folder" },
}, test);
