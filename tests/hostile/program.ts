/**
 * Runs hostile calls, each seeded by its number: `program.ts FROM TO`. Before each its number and name are printed, so
 * that whoever reads knows which ended the process.
 *
 * @module
 */
import { seeded } from "../../lib/random.ts";
import { tf } from "../../lib/tensorflow/mod.ts";
import { type Call, calls } from "./calls.ts";
import { type Choose, mutate } from "./values.ts";

const [from, to] = Deno.args.map(Number);
const encoder = new TextEncoder();
const say = (text: string) => Deno.stdout.writeSync(encoder.encode(text + "\n"));
console.log = console.warn = console.error = () => {};

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as Promise<unknown>)?.then === "function";
}

/** Uploads and reads what came back, as a fault may wait until then. */
function use(value: unknown): void {
  if (value instanceof tf.Tensor) {
    if (value.size < 1e6) tf.add(value.cast("float32"), 1).dataSync();
  } else if (Array.isArray(value)) {
    value.slice(0, 3).forEach(use);
  }
}

async function attempt({ call, usual }: Call, choose: Choose): Promise<"returned" | Error> {
  tf.engine().startScope();
  try {
    let args = usual();
    for (let changes = choose(3); changes >= 0; changes--) args = mutate(args, choose) as unknown[];
    const result = (call as (...args: unknown[]) => unknown)(
      ...(Array.isArray(args) ? args : [args]),
    );
    use(isPromise(result) ? await result : result);
    return "returned";
  } catch (error) {
    return error as Error;
  } finally {
    tf.engine().endScope();
  }
}

for (let i = from; i < to; i++) {
  const call = calls[i % calls.length], random = seeded(i);
  say(`start ${i} ${call.name}`);
  const outcome = await attempt(call, (below) => Math.floor(random() * below));
  say(
    outcome === "returned"
      ? "returned"
      : `threw ${outcome?.name}: ${`${outcome?.message}`.slice(0, 200).replaceAll("\n", " ")}`,
  );
}
say("end");
