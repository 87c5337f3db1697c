import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import config from "../../deno.json" with { type: "json" };
import { environment } from "../../lib/native/wheels.ts";
import { outcome } from "../../tasks/shared/task.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const run = (
  program: string,
  { flags = [], args = [] }: { flags?: string[]; args?: string[] } = {},
) =>
  outcome(Deno.execPath(), [
    ...["run", "--quiet", "--no-check", "--no-prompt", ...flags, `${here}${program}.ts`, ...args],
  ], { env: { NO_COLOR: "1" } });

Deno.test("three detectors are fitted, scored and measured without a single permission", async () => {
  const { output, errors } = await run("without_permission");
  assertEquals(errors, "");
  const lines = output.trim().split("\n");
  assertEquals(lines.map((line) => line.split(":")[0]), [
    "Energy",
    "Mahalanobis",
    "Nearest neighbours",
  ]);
  for (const line of lines) {
    assertMatch(line, /: AUROC 0\.\d{3}, 95% interval 0\.\d{3} to [01]\.\d{3}$/);
  }
});

Deno.test("the rooms without an engine are imported without a permission, and ask for none", async () => {
  const engines = ["./native", "./resnet", "./tensorflow", "./training"];
  const files = Object.entries(config.exports).filter(([room]) => !engines.includes(room))
    .map(([, file]) => `import ${JSON.stringify(new URL(`../../${file}`, import.meta.url).href)};`);
  const program = await Deno.makeTempFile({ dir: here, suffix: ".ts" });
  try {
    await Deno.writeTextFile(program, files.join("\n"));
    const { success, errors } = await run(program.slice(here.length, -".ts".length));
    assertEquals([success, errors], [true, ""]);
  } finally {
    await Deno.remove(program);
  }
});

Deno.test("every detector gives the same scores in plain JavaScript and natively", async () => {
  const [plain, native] = await Promise.all([
    run("detect"),
    run("detect", { flags: ["--allow-read", "--allow-ffi"], args: ["--native"] }),
  ]);
  assertEquals([plain.errors, native.errors], ["", ""]);
  const { kernels, scores } = JSON.parse(plain.output), other = JSON.parse(native.output);
  assertEquals(kernels, "plain JavaScript");
  assertStringIncludes(other.kernels, "OpenBLAS");
  assertEquals(Object.keys(other.scores), Object.keys(scores));
  for (const [name, expected] of Object.entries<number[]>(scores)) {
    const size = Math.max(...expected.map(Math.abs));
    other.scores[name].forEach((score: number, i: number) => {
      const apart = Math.abs(score - expected[i]);
      assert(apart <= 1e-10 * size, `${name}, image ${i}: ${score} natively, not ${expected[i]}`);
    });
  }
});

const library = `${environment}/lib`;
for (
  const [what, options, told] of [
    ["the import", {}, 'import "@robust-deep-learning/lib/native"'],
    ["both flags", { args: ["--native"] }, `--allow-read=${environment} and --allow-ffi`],
    ["the flag for reading", { args: ["--native"], flags: ["--allow-ffi"] }, "--allow-read"],
    [
      "the flag for all libraries",
      { args: ["--native"], flags: ["--allow-read", `--allow-ffi=${library}`] },
      "OpenBLAS needs --allow-ffi, of all libraries",
    ],
  ] as const
) {
  Deno.test(`much work without native speed says once that ${what} is missing`, async () => {
    const { success, errors } = await run("much_work", options as Parameters<typeof run>[1]);
    assert(success, errors);
    assertEquals(errors.trim().split("\n").length, 1, errors);
    assertStringIncludes(errors, "Linear algebra runs in plain JavaScript, slowly: ");
    assertStringIncludes(errors, told);
  });
}

Deno.test("much work with native speed says nothing", async () => {
  const { errors } = await run("much_work", {
    args: ["--native"],
    flags: ["--allow-read", "--allow-ffi"],
  });
  assertEquals(errors, "");
});
