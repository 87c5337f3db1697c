/** No argument ends the process: hostile calls of every exported function that reaches native code. */
import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { calls, forgotten } from "./calls.ts";

const program = fileURLToPath(new URL("program.ts", import.meta.url));
/** How many calls of each function; HOSTILE_CALLS sets another number. */
const CALLS = Number(Deno.env.get("HOSTILE_CALLS") ?? 5);
/** Calls of a process, the seconds that it may take, and the kilobytes beyond which allocations fail. */
const BATCH = 300, PATIENCE = 60, MEMORY = 8_000_000;

interface Outcome {
  ran: number;
  returned: number;
  /** Calls that ended the process. */
  fatal: string[];
  /** Calls that took longer than a batch may. */
  endless: string[];
}

async function run(from: number, to: number): Promise<Outcome> {
  const command = [Deno.execPath(), "run", "-A", "--no-check", program];
  const limited = Deno.build.os === "linux";
  const outcome: Outcome = { ran: 0, returned: 0, fatal: [], endless: [] };
  while (from < to) {
    const args = [...command, `${from}`, `${to}`];
    const { stdout, stderr, signal, code } = await new Deno.Command(limited ? "sh" : args[0], {
      args: limited
        ? ["-c", `ulimit -d ${MEMORY}; exec timeout ${PATIENCE} "$@"`, "sh", ...args]
        : args.slice(1),
      env: { TF_CPP_MIN_LOG_LEVEL: "3" },
    }).output();
    const lines = new TextDecoder().decode(stdout).trim().split("\n");
    const started = lines.filter((line) => line.startsWith("start "));
    outcome.ran += started.length;
    outcome.returned += lines.filter((line) => line === "returned").length;
    if (lines.at(-1) === "end") return outcome;
    const last = started.at(-1) ?? `start ${from} (nothing)`;
    outcome.fatal.push(
      `${last.slice(6)}: ${signal ?? `exit ${code}`} ${
        new TextDecoder().decode(stderr).slice(-300)
      }`,
    );
    from = Number(last.split(" ")[1]) + 1;
  }
  return outcome;
}

Deno.test("every exported function has a usual call, from which hostile ones are made", () => {
  const others = [
    ...["joinCluster", "measureFasterStorage"], // starts a server (tests/tensorflow/collective_test.ts); takes nothing
    ...["centred", "float64Rows", "kthNearest", "nearest", "pointsOf", "rowBlocks"], // loops of JavaScript
  ];
  assertEquals(forgotten().filter((name) => !others.includes(name)), []);
});

Deno.test("no argument ends the process", async () => {
  const total: Outcome = { ran: 0, returned: 0, fatal: [], endless: [] };
  const count = CALLS * calls.length;
  for (let from = 0; from < count; from += BATCH) {
    const { ran, returned, fatal, endless } = await run(from, Math.min(count, from + BATCH));
    total.ran += ran;
    total.returned += returned;
    total.fatal.push(...fatal);
    total.endless.push(...endless);
  }
  const { ran, returned, fatal, endless } = total;
  console.log(
    `${ran} hostile calls of ${calls.length} kinds: ${returned} returned, ${
      ran - returned - fatal.length - endless.length
    } threw, ${endless.length} took too long`,
  );
  assertEquals(fatal, []);
  // tfjs's own loops, in JavaScript, over sizes that it was given.
  assertEquals(endless.filter((name) => !name.includes(" tf.")), []);
  assertEquals(ran, count);
});
