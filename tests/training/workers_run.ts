/**
 * A worker of workers_test.ts: `workers_run.ts INDEX ADDRESSES OPTIONS` trains the small network and prints a line of JSON.
 * Without addresses it trains alone.
 */
import { ResNet18 } from "../../lib/resnet/resnet.ts";
import { seeded } from "../../lib/random.ts";
import { ClusterError, joinCluster } from "../../lib/tensorflow/mod.ts";
import { train } from "../../lib/training/trainer.ts";
import { colours, SMALL, smallSettings } from "./small_run.ts";

const [index, addresses, text] = Deno.args;
const { settings, images = 64, seed = 1, stopAfter, ...options } = JSON.parse(text);
const losses: number[] = [];
try {
  const collective = addresses === ""
    ? undefined
    : await joinCluster({ workers: addresses.split(","), index: Number(index) }, { timeout: 8 });
  const network = new ResNet18(seeded(seed), SMALL);
  let steps = 0;
  await train(network, colours(images), {
    settings: smallSettings(settings),
    checkpoint: options.checkpoint,
    resume: options.resume,
    checkpointSeconds: options.checkpointSeconds,
    workers: collective && {
      collective,
      exchange: options.exchange ?? "float32",
      synchronised: options.synchronised ?? true,
    },
    onProgress({ training, step }) {
      losses.push(
        training.loss * step - losses.slice(losses.length - step + 1).reduce((a, b) => a + b, 0),
      );
      if (++steps !== stopAfter || Number(index) === 0) return;
      Deno.exit(0);
    },
  });
  const weights = [...network.parameters.values(), ...network.statistics.values()]
    .map((array) => Array.from(array.dataSync()));
  console.log(JSON.stringify({ losses, weights }));
} catch (error) {
  if (!(error instanceof ClusterError)) throw error;
  console.log(JSON.stringify({ error: error.message, losses }));
}
