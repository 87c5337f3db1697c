/** A worker of collective_test.ts: `collective_worker.ts INDEX ADDRESSES BEHAVIOUR`; it prints a line of JSON. */
import { capture, tf } from "../../lib/tensorflow/mod.ts";
import { ClusterError } from "../../lib/tensorflow/cluster.ts";
import { joinCluster } from "../../lib/tensorflow/collective.ts";

const [index, addresses, behaviour] = Deno.args, own = Number(index) + 1;
try {
  const workers = await joinCluster({ workers: addresses.split(","), index: own - 1 }, {
    timeout: 6,
  });
  try {
    const once = workers.mean(tf.tensor1d([own, 10 * own])).arraySync();
    const step = capture((x: tf.Tensor1D) => [workers.mean(x.square())]);
    const captured = [1, 2, 3].map((k) => step(tf.tensor1d([k * own]))[0].arraySync());
    if (behaviour === "exits") Deno.exit(0);
    if (behaviour === "stops") Deno.kill(Deno.pid, "SIGSTOP");
    const last = workers.mean(tf.scalar(own)).arraySync();
    console.log(JSON.stringify({ once, captured, last }));
  } catch (error) {
    throw workers.explain(error as Error);
  }
} catch (error) {
  if (!(error instanceof ClusterError)) throw error;
  console.log(JSON.stringify({ error: error.message }));
}
