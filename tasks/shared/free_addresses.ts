/**
 * Where on this machine a server can begin.
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
