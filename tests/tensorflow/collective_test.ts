import { assertEquals, assertMatch } from "@std/assert";
import { fileURLToPath } from "node:url";
import { freeAddresses, lastWord as said, startWorker } from "./workers.ts";

const script = fileURLToPath(new URL("collective_worker.ts", import.meta.url));
const start = (index: number, addresses: string[], behaviour = "works") =>
  startWorker(script, index, addresses, behaviour);

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
  // TensorFlow at times aborts its own process once an average has failed, so these are asked for.
  const ignore = Deno.env.get("TEST_FAULTS") === undefined;
  Deno.test(
    { name: `a worker that ${behaviour} is named by the other, which ends`, ignore },
    async () => {
      const addresses = freeAddresses(2), other = start(1, addresses, behaviour);
      const { error } = await said(start(0, addresses));
      assertMatch(
        error,
        new RegExp(`^Worker 0 stops, as worker 1 at ${addresses[1]} does not answer`),
      );
      if (behaviour === "stops") other.kill("SIGKILL");
      await other.output();
    },
  );
}

Deno.test("a worker that never comes is named, and so is a port that is in use", async () => {
  const addresses = freeAddresses(2);
  assertMatch(
    (await said(start(1, addresses))).error,
    /^Worker 1 has waited 6 seconds for worker 0 at 127\.0\.0\.1:\d+/,
  );
  const [hostname, port] = addresses[0].split(":");
  using _ = Deno.listen({ hostname, port: Number(port) });
  assertMatch(
    (await said(start(0, addresses))).error,
    new RegExp(`^Worker 0 cannot serve at ${addresses[0]}`),
  );
});
