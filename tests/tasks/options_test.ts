import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { fileURLToPath } from "node:url";
import config from "../../deno.json" with { type: "json" };
import { readCommandLine, UsageError } from "../../tasks/shared/options.ts";
import { outcome } from "../../tasks/shared/task.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const usage = {
  options: {
    epochs: { type: "number", default: 8, meaning: "passes" },
    output: { type: "text", meaning: "a folder" },
    preset: { type: ["default", "course"], meaning: "the settings" },
    resume: { type: "flag", meaning: "goes on" },
  },
  words: { name: "ROW", meaning: "rows" },
  examples: { train: "as it is" },
} as const;
const read = (...args: string[]) => readCommandLine("train", usage, args);

Deno.test("readCommandLine() gives values of the types asked for, and defaults", () => {
  assertEquals(read(), { values: { epochs: 8 }, words: [] });
  assertEquals(read("a", "--epochs", "2.5", "--output=x", "--preset", "course", "--resume", "b"), {
    values: { epochs: 2.5, output: "x", preset: "course", resume: true },
    words: ["a", "b"],
  });
});

Deno.test("readCommandLine() refuses what it cannot use, and says what it takes", () => {
  for (
    const [args, told] of [
      [
        ["--epoch", "2"],
        "train has no option --epoch, only --epochs, --output, --preset, --resume",
      ],
      [["-x"], "train has no option -x"],
      [["--epochs"], "--epochs needs a number"],
      [["--epochs="], "--epochs needs a number, as in --epochs=VALUE; nothing was given"],
      [["--epochs", "many"], '--epochs is a number, got "many"'],
      [["--epochs=Infinity"], "--epochs is a number"],
      [["--output", "--resume"], "--output needs a text"],
      [["--preset", "fast"], '--preset is default or course, got "fast"'],
      [["--resume=yes"], '--resume is given or not and takes no value, got "yes"'],
    ] as const
  ) assertThrows(() => read(...args), UsageError, told);
  assertThrows(
    () => readCommandLine("data", { examples: {} }, ["everything"]),
    UsageError,
    'data takes options only, got "everything"',
  );
});

Deno.test("readCommandLine() explains every option by --help, whatever else is given", () => {
  const line = read("--epoch", "--help");
  assert("help" in line);
  for (
    const part of [config.tasks.train.description, "--preset default|course", "default: 8", "ROW"]
  ) {
    assertStringIncludes(line.help, part);
  }
});

const tasks = Object.entries(config.tasks).map(([name, { command }]) => ({
  name,
  file: /^deno run -A (tasks\/\w+\.ts)$/.exec(command)![1],
}));

Deno.test("every file in tasks/ is a task of deno.json", () => {
  const files = [...Deno.readDirSync(`${root}/tasks`)].filter(({ isFile }) => isFile)
    .map(({ name }) => `tasks/${name}`);
  assertEquals(files.sort(), tasks.map(({ file }) => file).sort());
});

/** Runs a task that may read, but neither write, nor start a program, nor use the network. */
const run = (file: string, ...args: string[]) =>
  outcome(Deno.execPath(), [
    ...[
      "run",
      "--quiet",
      "--no-prompt",
      "--no-check",
      "--allow-read",
      "--allow-env",
      "--allow-sys",
      "--allow-ffi",
    ],
    ...[file, ...args],
  ], { cwd: root, env: { NO_COLOR: "1" } });

for (const { name, file } of tasks) {
  Deno.test(`deno task ${name} explains itself by --help, refuses an unknown option, and starts nothing`, async () => {
    const [help, mistyped] = await Promise.all([run(file, "--help"), run(file, "--mistyped", "1")]);
    assertEquals([help.success, help.errors], [true, ""]);
    assertStringIncludes(help.output, `deno task ${name}`);
    assertMatch(help.output, /\n {2}deno task \S+/);
    assertEquals([mistyped.success, mistyped.output], [false, ""]);
    assertMatch(
      mistyped.errors.trim(),
      /^\S+ has no option --mistyped, only (--[\w-]+, )*--help: .*$/,
    );
  });
}

Deno.test("deno task train names the setting that is wrong", async () => {
  for (
    const [option, told] of [
      ["--label-smoothing=1", "labelSmoothing lies in [0, 1), got 1"],
      ["--augmentation=no", '--augmentation is true or false, got "no"'],
      [
        "--weight-decay=",
        "--weight-decay needs a number, as in --weight-decay=VALUE; nothing was given",
      ],
    ]
  ) {
    const { success, errors } = await run("tasks/train.ts", option);
    assertEquals([success, errors.trim()], [false, told]);
  }
});
