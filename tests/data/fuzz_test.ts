import { assert, assertRejects } from "@std/assert";
import process from "node:process";
import { fuzz } from "./fuzz.ts";
import { fuzzedReaders } from "./readers.ts";

/** Mutants of each reader; 100,000 in the longer mode, FUZZ_MUTANTS=100000. By default fewer where each is written to disk. */
const MUTANTS = Deno.env.get("FUZZ_MUTANTS");

const folder = await Deno.makeTempDir();
const readers = await fuzzedReaders(folder);
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

for (const [name, { reader, samples, errors, head, onDisk }] of Object.entries(readers)) {
  const mutants = Number(MUTANTS ?? (onDisk ? 500 : 3000));
  Deno.test({
    name: `the reader of ${name} reads or refuses ${mutants} damaged files, each soon`,
    sanitizeOps: false, // The streams of a refused archive close after its refusal.
    async fn() {
      const options = { mutants, seed: 17, errors, head };
      const { read, refused } = await fuzz(reader, samples, options);
      assert(read > 0 && refused > 0, `${read} were read, ${refused} refused`);
    },
  });
}

Deno.test("fuzz() finds a reader that throws, hangs, or changes prototypes", async () => {
  const samples = [new Uint8Array(100)], options = { mutants: 50, seed: 1, errors: [RangeError] };
  const faults: [string, () => unknown][] = [
    ["not refused by name", () => null!["a" as never]],
    ["takes", () => new Promise(() => {})],
    ["takes", () => {
      for (const start = process.cpuUsage(); process.cpuUsage(start).user < 30_000;);
    }],
    ["changes Object.prototype", () => Object.assign(Object.prototype, { polluted: true })],
  ];
  for (const [message, reader] of faults) {
    await assertRejects(() => fuzz(reader, samples, { ...options, seconds: 0.02 }), Error, message);
  }
  delete (Object.prototype as { polluted?: boolean }).polluted;
});
