/** A program of its own that uses the engine. */
const engine = new URL("../../lib/tensorflow/mod.ts", import.meta.url).href;
const config = new URL("../../deno.json", import.meta.url).pathname;

/** What `program` prints and how it ends; it has `tf`, `binding`, `describeDevice` and `gc`. */
export async function run(program: string, env: Record<string, string> = {}) {
  const path = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(
    path,
    `import { describeDevice, tf } from "${engine}";
     import { binding } from "${engine.replace("mod.ts", "device.ts")}";
     ${program}`,
  );
  try {
    const { code, signal, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "--no-check",
        "--v8-flags=--expose-gc,--single-threaded-gc",
        "--config",
        config,
        path,
      ],
      env,
    }).output();
    const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { code, signal, stdout: decode(stdout), stderr: decode(stderr) };
  } finally {
    await Deno.remove(path);
  }
}
