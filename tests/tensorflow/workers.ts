/**
 * Processes of this machine that work together, for tests.
 *
 * @module
 */

/** Addresses on this machine that nobody serves at. */
export function freeAddresses(count: number): string[] {
  const listeners = Array.from(
    { length: count },
    () => Deno.listen({ hostname: "127.0.0.1", port: 0 }),
  );
  return listeners.map((listener) => {
    const { port } = listener.addr as Deno.NetAddr;
    listener.close();
    return `127.0.0.1:${port}`;
  });
}

/** Starts `script` as the worker `index` of those at `addresses`, with what else it takes. */
export function startWorker(
  script: string,
  index: number,
  addresses: string[],
  argument: string,
): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", script, `${index}`, addresses.join(","), argument],
    stdout: "piped",
    stderr: "null",
    env: { TF_CPP_MIN_LOG_LEVEL: "3" },
  }).spawn();
}

/** The last line that a worker printed, once it has ended; {} where it printed none. */
export async function lastWord(worker: Deno.ChildProcess) {
  const text = new TextDecoder().decode((await worker.output()).stdout);
  return JSON.parse(text.trim().split("\n").at(-1) || "{}");
}
