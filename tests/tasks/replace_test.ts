import { assertEquals, assertMatch } from "@std/assert";
import { root } from "../../tasks/shared/environment.ts";
import { outcome } from "../../tasks/shared/task.ts";

const CASES = [
  { task: "export", file: "weights.safetensors" },
  { task: "compare_optimizers", file: "narrow-adam-log.json" },
];
for (const { task, file } of CASES) {
  Deno.test(`${task} leaves the results that a folder holds, and says how to replace them`, async () => {
    const folder = await Deno.makeTempDir(), path = `${folder}/${file}`;
    await Deno.writeTextFile(path, "the results of hours");
    const { success, errors } = await outcome(
      Deno.execPath(),
      ["run", "-A", "--no-check", `tasks/${task}.ts`, "--output", folder],
      { cwd: root, env: { NO_COLOR: "1" } },
    );
    assertEquals(success, false);
    assertMatch(errors, /^\s*\S+ holds .* already: .* by --replace, or elsewhere by --output\s*$/);
    assertEquals(await Deno.readTextFile(path), "the results of hours");
    await Deno.remove(folder, { recursive: true });
  });
}
