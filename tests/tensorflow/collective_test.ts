import { assertEquals, assertMatch } from "@std/assert";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("collective_worker.ts", import.meta.url));

/** Addresses on this machine that nobody serves at. */
function freeAddresses(count: number): string[] {
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

function start(index: number, addresses: string[], behaviour = "works"): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", script, `${index}`, addresses.join(","), behaviour],
    stdout: "piped",
    stderr: "null",
    env: { TF_CPP_MIN_LOG_LEVEL: "3" },
  }).spawn();
}

async function said(worker: Deno.ChildProcess) {
  const text = new TextDecoder().decode((await worker.output()).stdout);
  return JSON.parse(text.trim().split("\n").at(-1)!);
}

Deno.test("mean() is the mean over two processes, at once and in a captured step", async () => {
  const addresses = freeAddresses(2), workers = [0, 1].map((index) => start(index, addresses));
  const expected = {
    once: [1.5, 15],
    captured: [1, 2, 3].map((k) => [(k ** 2 + (2 * k) ** 2) / 2]),
    last: 1.5,
  };
  assertEquals(await Promise.all(workers.map(said)), [expected, expected]);
});

for (const behaviour of ["exits", "stops"]) {
  Deno.test(`a worker that ${behaviour} is named by the other, which ends`, async () => {
    const addresses = freeAddresses(2), other = start(1, addresses, behaviour);
    const { error } = await said(start(0, addresses));
    assertMatch(
      error,
      new RegExp(`^Worker 0 stops, as worker 1 at ${addresses[1]} does not answer`),
    );
    if (behaviour === "stops") other.kill("SIGKILL");
    await other.output();
  });
}

Deno.test("a worker that never comes is named, and so is a port that is in use", async () => {
  const addresses = freeAddresses(2);
  assertMatch(
    (await said(start(1, addresses))).error,
    /worker 0 at 127\.0\.0\.1:\d+ does not answer/,
  );
  const [hostname, port] = addresses[0].split(":");
  using _ = Deno.listen({ hostname, port: Number(port) });
  assertMatch(
    (await said(start(0, addresses))).error,
    new RegExp(`^Worker 0 cannot serve at ${addresses[0]}`),
  );
});
