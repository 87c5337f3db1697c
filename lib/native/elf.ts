/**
 * Why a shared library of Linux cannot be opened, found before the dynamic loader meets it: the loader maps a
 * truncated file and the process dies.
 *
 * @module
 */

/** ELF's numbers (e_machine) of processors. */
const machines: Record<number, string> = { 62: "x86_64", 183: "aarch64", 3: "x86", 40: "arm" };

/** What is wrong with the library at `path`, as the rest of a sentence; undefined where nothing is. */
export function explainBrokenElf(path: string): string | undefined {
  if (Deno.build.os !== "linux") return undefined;
  using file = Deno.openSync(path);
  const size = file.statSync().size;
  const header = new Uint8Array(64);
  const read = file.readSync(header) ?? 0;
  const isElf = read >= 4 && String.fromCharCode(...header.subarray(0, 4)) === "\x7fELF";
  if (!isElf) return "is not a shared library";
  if (read < 64 || header[4] !== 2) return "is not a 64-bit shared library";
  const view = new DataView(header.buffer);
  const machine = view.getUint16(18, true);
  if (machines[machine] !== Deno.build.arch) {
    return `is for ${
      machines[machine] ?? `processor type ${machine}`
    }, and this machine is ${Deno.build.arch}`;
  }
  // The table of sections is the last thing in the file.
  const end = Number(view.getBigUint64(40, true)) +
    view.getUint16(58, true) * view.getUint16(60, true);
  return size < end
    ? `is truncated: ${size} of ${end} bytes are there; install it again`
    : undefined;
}
