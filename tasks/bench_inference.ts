/**
 * What MC dropout and mean-field variational inference cost on two moons for an equally good 2-50-1 network.
 *
 * Training: the shortest fit, over numbers of epochs that double, whose mean negative log likelihood on held-out points
 * reaches a level that every method reaches. Prediction: the draws after which the mean prediction stays within 0.005
 * of that of all draws, in mean total variation. Times are of the processor, not of the clock, so that what else the
 * machine does counts little.
 *
 * @module
 */
import process from "node:process";
import type { Labelled } from "../lib/data/labelled.ts";
import { twoMoons } from "../lib/data/two_moons.ts";
import { negativeLogLikelihood, totalVariation } from "../lib/metrics/classification.ts";
import type { DrawOptions } from "../lib/models/inference/draws.ts";
import { averaged, type Prediction } from "../lib/models/inference/predictive.ts";
import { fitDropoutNetwork } from "../lib/models/perceptron/mc_dropout.ts";
import { fitVariationalNetwork } from "../lib/models/perceptron/variational_network.ts";
import { seeded } from "../lib/random.ts";
import { path } from "./shared/environment.ts";
import { task } from "./shared/task.ts";

const EPOCHS = [10, 20, 40, 80, 160, 320], SEEDS = [1, 2, 3], DRAWS = 400, CLOSE = 0.005;

type Predict = (X: Labelled["X"]) => Prediction;

/** Each method: a fit of `epochs` epochs that can predict from `DRAWS` draws. */
const methods: Record<string, (data: Labelled, epochs: number, seed: number) => Predict> = {
  "MC dropout": (data, epochs, seed) =>
    drawing(fitDropoutNetwork(data, { random: seeded(seed), epochs }), seed),
  "variational, local": (data, epochs, seed) =>
    drawing(fitVariationalNetwork(data, { random: seeded(seed), epochs }), seed),
  "variational, global": (data, epochs, seed) =>
    drawing(
      fitVariationalNetwork(data, { random: seeded(seed), epochs, estimator: "global" }),
      seed,
    ),
};

function drawing(
  network: { predict(X: Labelled["X"], options: DrawOptions): Prediction },
  seed: number,
): Predict {
  return (X) => network.predict(X, { random: seeded(seed), samples: DRAWS });
}

/** Medians over seeds of what one method took, in seconds of the processor. */
export interface InferenceCost {
  readonly method: string;
  /** Mean negative log likelihood in nats on held-out points that every method reaches. */
  readonly level: number;
  /** Of the longest fit. */
  readonly bestNegativeLogLikelihood: number;
  readonly epochs: number;
  readonly trainingSeconds: number;
  readonly draws: number;
  /** For 1,000 points, from as many draws. */
  readonly predictionSeconds: number;
}

/** The costs of all methods. */
export function benchInference(): InferenceCost[] {
  const train = twoMoons(seeded(2), { noise: 0.2 }), test = twoMoons(seeded(3), { noise: 0.2 });
  const runs = Object.entries(methods).map(([method, fit]) => ({
    method,
    fits: EPOCHS.map((epochs) => SEEDS.map((seed) => measured(fit, { train, test, epochs, seed }))),
  }));
  const nll = (one: Measured[]) => median(one.map((run) => run.negativeLogLikelihood));
  const best = runs.map(({ fits }) => Math.min(...fits.map(nll)));
  const level = 1.02 * Math.max(...best);
  return runs.map(({ method, fits }, i) => {
    const first = fits.findIndex((one) => nll(one) <= level), last = fits.at(-1)!;
    return {
      method,
      level,
      bestNegativeLogLikelihood: best[i],
      epochs: EPOCHS[first],
      trainingSeconds: median(fits[first].map((run) => run.trainingSeconds)),
      draws: median(last.map((run) => run.draws)),
      predictionSeconds: median(last.map((run) => run.draws / DRAWS * run.predictionSeconds)),
    };
  });
}

interface Measured {
  negativeLogLikelihood: number;
  trainingSeconds: number;
  predictionSeconds: number;
  draws: number;
}

function measured(
  fit: typeof methods[string],
  { train, test, epochs, seed }: { train: Labelled; test: Labelled; epochs: number; seed: number },
): Measured {
  const [predict, trainingSeconds] = timed(() => fit(train, epochs, seed));
  const [{ probabilities, samples }, predictionSeconds] = timed(() => predict(test.X));
  return {
    negativeLogLikelihood: negativeLogLikelihood(probabilities, test.labels),
    trainingSeconds,
    predictionSeconds,
    draws: drawsNeeded({ probabilities, samples }),
  };
}

/** The least power of two of draws whose mean is within `CLOSE` of that of all, in mean total variation. */
function drawsNeeded({ probabilities, samples = [] }: Prediction): number {
  for (let draws = 1; draws < samples.length; draws *= 2) {
    const distance = totalVariation(averaged(samples.slice(0, draws)).probabilities, probabilities);
    if (distance.reduce((sum, d) => sum + d, 0) / distance.length <= CLOSE) return draws;
  }
  return samples.length;
}

function timed<Result>(run: () => Result): [Result, number] {
  const start = process.cpuUsage(), result = run(), { user, system } = process.cpuUsage(start);
  return [result, (user + system) / 1e6];
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

await task("bench:inference", {
  examples: { "bench:inference": "replaces data/inference-cost.json" },
}, async () => {
  const costs = benchInference();
  console.table(costs);
  await Deno.writeTextFile(path("data/inference-cost.json"), JSON.stringify(costs, null, 2) + "\n");
});
