/**
 * Processes of this machine that work together, for tests.
 *
 * @module
 */

export { freeAddresses } from "../../tasks/shared/free_addresses.ts";

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
