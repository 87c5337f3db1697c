import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { outcome } from "../../tasks/shared/task.ts";
import { fileURLToPath } from "node:url";

const run = (task: string, ...args: string[]) =>
  outcome(Deno.execPath(), [
    "run",
    "-A",
    fileURLToPath(new URL(`../../tasks/${task}.ts`, import.meta.url)),
    ...args,
  ]);

Deno.test("a task tells by --help what stands at the head of its file, and does nothing", async () => {
  const { success, output } = await run("data", "--help");
  assert(success);
  assertStringIncludes(output, "Downloads CIFAR-100, CIFAR-10 and SVHN");
  assertStringIncludes(output, "\n    deno task data\n");
});

Deno.test("a task ends on an option that it does not know, with those it knows and no stack", async () => {
  const { success, errors } = await run("train", "--epoch", "3");
  assertEquals(success, false);
  assertStringIncludes(errors, "Unknown option '--epoch'");
  assertStringIncludes(errors, "deno task train --preset course");
  assert(!errors.includes("    at "));
});

Deno.test("deno task train takes each training setting as an option, and says what is wrong with it", async () => {
  for (
    const [option, value, told] of [
      ["label-smoothing", "1", "The setting labelSmoothing must be in [0, 1), got 1"],
      ["augmentation", "no", "The setting augmentation must be true or false, got no"],
      ["batch-size", "many", "The setting batchSize must be a whole number of at least 2, got NaN"],
    ]
  ) {
    const { success, errors } = await run("train", `--${option}`, value);
    assertEquals([success, errors.trim()], [false, told]);
  }
});
