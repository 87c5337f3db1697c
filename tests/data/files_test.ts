import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { DataFileError, lockedFile, writeFileAtomically } from "../../lib/data/files.ts";

Deno.test("writeFileAtomically() by several processes at once loses no write, and no reader sees a part", async () => {
  const folder = await Deno.makeTempDir(), path = join(folder, "new", "file");
  const module = new URL("../../lib/data/files.ts", import.meta.url).href;
  const program = (letter: string) =>
    `import { writeFileAtomically } from "${module}";
     const write = () => writeFileAtomically(${JSON.stringify(path)}, "${letter}".repeat(200_000));
     for (let i = 0; i < 10; i++) await Promise.all([write(), write(), write()]);`;
  const config = new URL("../../deno.json", import.meta.url).pathname;
  let running = true;
  const writers = ["a", "b", "c"].map((letter) =>
    new Deno.Command(Deno.execPath(), {
      args: ["eval", "--no-check", `--config=${config}`, program(letter)],
      stderr: "piped",
    }).output()
  );
  const ends = Promise.all(writers).finally(() => running = false);
  let reads = 0;
  while (running) {
    const text = await Deno.readTextFile(path).catch(() => undefined);
    if (text !== undefined) {
      assert(text.length === 200_000 && text === text[0].repeat(200_000));
      reads++;
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  for (const { success, stderr } of await ends) assert(success, new TextDecoder().decode(stderr));
  assert(reads > 0);
  assertEquals([...Deno.readDirSync(join(folder, "new"))].map(({ name }) => name), ["file"]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("writeFileAtomically() explains a place that it cannot write, and keeps what is there", async () => {
  const folder = await Deno.makeTempDir(), path = join(folder, "there");
  await Deno.mkdir(path);
  await assertRejects(() => writeFileAtomically(path, "x"), DataFileError, "it is a directory");
  assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["there"]);
  await assertRejects(
    () => writeFileAtomically("/proc/nothing/here", "x"),
    DataFileError,
    "Cannot write /proc/nothing/here",
  );
  await Deno.remove(folder, { recursive: true });
});

Deno.test("lockedFile() lets one in at a time, also where the file is removed meanwhile", async () => {
  const path = await Deno.makeTempFile();
  let inside = 0, most = 0, waits = 0;
  await Promise.all(Array.from({ length: 8 }, async (_, k) => {
    using _file = await lockedFile(path, { onWait: () => waits++ });
    most = Math.max(most, ++inside);
    await new Promise((resolve) => setTimeout(resolve, 5));
    inside--;
    if (k % 2 === 0) await Deno.remove(path);
  }));
  assertEquals(most, 1);
  assert(waits > 0 && waits <= 7);
  await Deno.remove(path).catch(() => {});
});
