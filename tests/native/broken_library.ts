/** Files that are no libraries, or not whole ones. */

/** The header of a 64-bit shared library of `size` bytes for a processor. */
export function header(machine: number, size: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(64));
  [0x7f, 0x45, 0x4c, 0x46, 2, 1].forEach((byte, i) => view.setUint8(i, byte));
  view.setUint16(18, machine, true);
  view.setBigUint64(40, BigInt(size - 64), true); // where the table of sections is
  view.setUint16(58, 64, true); // the size of its entries
  view.setUint16(60, 1, true); // their number
  return new Uint8Array(view.buffer);
}

/** The numbers of this machine's processor and of another. */
export const here = Deno.build.arch === "x86_64" ? 62 : 183, elsewhere = 245 - here;

/** Runs `run` with the path of a file of these bytes. */
export async function withFile(bytes: Uint8Array, run: (path: string) => unknown): Promise<void> {
  const path = await Deno.makeTempFile({ suffix: ".so.2" });
  try {
    await Deno.writeFile(path, bytes);
    await run(path);
  } finally {
    await Deno.remove(path);
  }
}
