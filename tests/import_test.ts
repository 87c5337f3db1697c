import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { outcome } from "../tasks/shared/task.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

Deno.test("another project imports the library by path, once its deno.json links this one", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/deno.json`, JSON.stringify({ links: [root] }));
  await Deno.copyFile(`${root}/deno.lock`, `${folder}/deno.lock`);
  await Deno.writeTextFile(
    `${folder}/main.ts`,
    `import { energy } from ${JSON.stringify(`${root}lib/detectors/mod.ts`)};
     const logits = { rows: 1, columns: 2, data: Float64Array.of(0, 0) };
     console.log(energy().score({ logits })[0]);`,
  );
  const { success, output, errors } = await outcome(Deno.execPath(), ["run", "-A", "main.ts"], {
    cwd: folder,
  });
  assert(success, errors);
  assertEquals(Number(output), Math.LN2);
  await Deno.remove(folder, { recursive: true });
});
