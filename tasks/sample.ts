/**
 * Draws from the posterior of the 2-50-1 network on two moons by the No-U-Turn sampler.
 *
 * @module
 */
import { twoMoons } from "../lib/data/two_moons.ts";
import { row, zeros } from "../lib/linear_algebra/mod.ts";
import { initialParameters } from "../lib/models/perceptron/multilayer_perceptron.ts";
import { logPosterior } from "../lib/models/perceptron/network_classifier.ts";
import { sampleNuts } from "../lib/models/sampling/hamiltonian_monte_carlo.ts";
import {
  TWO_MOONS_POSTERIOR,
  withPredictions,
  writePosteriorDraws,
} from "../lib/models/sampling/posterior_draws.ts";
import { seeded } from "../lib/random.ts";
import { task } from "./shared/task.ts";

const DATA_SEED = 2, NOISE = 0.2, SIZES = [2, 50, 1], PRIOR_DEVIATION = 1;
const CHAINS = 4, WARMUP = 400, DRAWS = 600, THINNING = 2;

async function sample(): Promise<void> {
  const train = twoMoons(seeded(DATA_SEED), { points: 1000, noise: NOISE });
  const started = performance.now(), runs: Record<string, number>[] = [];
  const chains = Array.from({ length: CHAINS }, (_, c) => {
    const random = seeded(100 + c);
    const chain = sampleNuts(
      (theta) => logPosterior({ sizes: SIZES, theta }, train, { priorDeviation: PRIOR_DEVIATION }),
      {
        start: initialParameters(SIZES, random),
        random,
        warmup: WARMUP,
        samples: DRAWS,
        onTransition(done, total) {
          if (done % 50 !== 0) return;
          const minutes = ((performance.now() - started) / 60_000).toFixed(1);
          console.log(`chain ${c + 1} of ${CHAINS}: ${done} of ${total}, ${minutes} minutes`);
        },
      },
    );
    const { stepSize, acceptance, divergences, leapfrogs } = chain;
    runs.push({ stepSize, acceptance, divergences, leapfrogs });
    const kept = zeros(DRAWS / THINNING, chain.draws.columns);
    for (let s = 0; s < kept.rows; s++) row(kept, s).set(row(chain.draws, (s + 1) * THINNING - 1));
    return kept;
  });

  const draws = {
    sizes: SIZES,
    priorDeviation: PRIOR_DEVIATION,
    train,
    chains,
    description: {
      data: `two moons, 1000 points, noise ${NOISE}, seed ${DATA_SEED}`,
      sampler:
        `No-U-Turn, ${WARMUP} warm-up and ${DRAWS} kept transitions, every ${THINNING}nd stored`,
      runs: JSON.stringify(runs),
    },
  };
  await writePosteriorDraws(TWO_MOONS_POSTERIOR, draws);
  const { rHat, effectiveSampleSize } = withPredictions(draws).convergence(train.X);
  console.table(runs);
  console.log(
    `At the training points: R̂ at most ${
      Math.max(...rHat).toFixed(4)
    }, effective sample size at least`,
  );
  console.log(
    `${Math.min(...effectiveSampleSize).toFixed(0)} of ${
      CHAINS * DRAWS / THINNING
    }. Wrote ${TWO_MOONS_POSTERIOR}`,
  );
}

await task("sample", {
  details:
    "Four chains from four random starts, seeded, take about a quarter of an hour on one core.",
  examples: { sample: "replaces data/two-moons-posterior.safetensors" },
}, sample);
