import { assert, assertEquals } from "@std/assert";
import { readSafetensors } from "../../lib/data/safetensors.ts";
import { seeded } from "../../lib/random.ts";

const script = (name: string) => new URL(name, import.meta.url).pathname;

function start(name: string, args: string[], stdout: "piped" | "null" = "null") {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", script(name), ...args],
    stdout,
    stderr: "null",
  }).spawn();
}

const exists = (path: string) => Deno.stat(path).then(() => true, () => false);
const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

Deno.test("writeSafetensors() leaves a whole file when its process is killed at any of 50 moments", async () => {
  const folder = await Deno.makeTempDir(), path = `${folder}/file`, random = seeded(3);
  const found: number[] = [];
  for (let kill = 0; kill < 50; kill++) {
    const writer = start("killed_writer.ts", [path], "piped");
    const said = writer.stdout.pipeThrough(new TextDecoderStream()).getReader();
    // Once some files are there, kill it at a random moment of the next.
    let milliseconds = 0;
    for (let written = 0, least = 1 + 5 * random(); written < least;) {
      const before = performance.now();
      written = parseInt((await said.read()).value!.trim().split("\n").at(-1)!);
      milliseconds = performance.now() - before;
    }
    await pause(milliseconds * random());
    writer.kill("SIGKILL");
    await said.cancel();
    await writer.status;
    const { values } = (await readSafetensors(path)).tensors.get("n")!;
    found.push(Number(values[0]));
    assert((values as Float32Array).every((value) => value === values[0]));
  }
  assert(new Set(found).size > 3, `the kills came after ${found} files`);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("train() goes on to the same weights when its process is killed again and again", async () => {
  const kills = Number(Deno.env.get("KILLS") ?? 3), random = seeded(5);
  const [whole, killed] = [await Deno.makeTempDir(), await Deno.makeTempDir()];
  await start("killed_run.ts", [whole]).status;
  for (let kill = 0; kill < kills; kill++) {
    const resume = await exists(`${killed}/checkpoint`);
    const saved = resume ? (await Deno.stat(`${killed}/checkpoint`)).mtime : null;
    const run = start("killed_run.ts", [killed, ...resume ? ["--resume"] : []]);
    const ended = run.status.then(() => true);
    // Once it has saved something new, kill it at a random moment of the next steps.
    for (let over = false; !over;) {
      const now = await Deno.stat(`${killed}/checkpoint`).then((it) => it.mtime, () => null);
      over = now?.getTime() !== saved?.getTime() || await Promise.race([ended, pause(5)]) === true;
    }
    await pause(20 * random());
    try {
      run.kill("SIGKILL");
    } catch { /* It was done. */ }
    await run.status;
  }
  const { success } = await start("killed_run.ts", [killed, "--resume"]).status;
  assert(success);
  assertEquals(await Deno.readFile(`${killed}/weights`), await Deno.readFile(`${whole}/weights`));
  for (const folder of [whole, killed]) await Deno.remove(folder, { recursive: true });
});
