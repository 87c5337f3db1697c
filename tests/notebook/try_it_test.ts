import { assert, assertEquals } from "@std/assert";
import { path } from "../../tasks/shared/environment.ts";
import { outcome } from "../../tasks/shared/task.ts";
import { code, findNotebooks, readNotebook, type TryIt } from "../../tasks/report/notebooks.ts";

/** Runs the code of cells as one module that lies where their relative imports hold; returns the last line of what it prints. */
async function run(name: string, source: string): Promise<string> {
  const file = path(`.venv/${name}.ts`);
  await Deno.writeTextFile(file, source);
  try {
    const { success, output, errors } = await outcome(
      Deno.execPath(),
      ["run", "-A", "--no-check", file],
      { cwd: path("notebooks"), env: { NO_COLOR: "1" } },
    );
    assert(success, errors);
    return output.trim().split("\n").at(-1)!;
  } finally {
    await Deno.remove(file);
  }
}

for (const file of await findNotebooks()) {
  const notebook = await readNotebook(file), name = file.split("/").at(-1)!.slice(0, 6);
  const cells = notebook.cells.map((_, i) => code(notebook, i));
  const tasks = notebook.cells.flatMap(({ metadata }, i) =>
    metadata?.tryIt ? [{ ...metadata.tryIt, i }] : []
  );
  if (tasks.length === 0) continue;
  const before = ({ i }: { i: number }) => cells.slice(0, i).join("\n");

  Deno.test(`${file}: without the change, no expectation of its ${tasks.length} "Try it" is met`, async () => {
    const held = await run(
      `try-${name}`,
      cells.slice(0, tasks.at(-1)!.i).flatMap((source, i) => [
        source,
        ...tasks.filter((task) => task.i === i).map(({ expect }) =>
          `(globalThis as any).tried = [...(globalThis as any).tried ?? [], ${expect}];`
        ),
      ]).join("\n") +
        `\nconsole.log(JSON.stringify([...(globalThis as any).tried ?? [], ${
          tasks.at(-1)!.expect
        }]));`,
    );
    assertEquals(JSON.parse(held), tasks.map(() => false));
  });

  for (const task of tasks) {
    Deno.test(`${file}: with ${task.by}, what "Try it" expects is so`, async () => {
      const { replace, by, expect }: TryIt = task, source = before(task);
      assertEquals(source.split(replace).length, 2, `"${replace}" stands once before it`);
      const changed = source.replace(replace, () => by);
      assertEquals(await run(`try-${name}`, `${changed}\nconsole.log(${expect});`), "true");
    });
  }
}
