/**
 * Whether Markov chains agree with each other, and how many independent draws they are worth.
 *
 * Both take a scalar quantity followed along C ≥ 2 chains of S draws each, and rank-normalise it, so that they hold for
 * any distribution, with heavy tails too.
 *
 * Source: Vehtari, Gelman, Simpson, Carpenter and Bürkner, Rank-Normalization, Folding, and Localization: An Improved
 * R̂ for Assessing Convergence of MCMC, Bayesian Analysis 16 (2021).
 *
 * @module
 */
import { checkBetween, checkNumbers, shown } from "../checks.ts";
import { midranks } from "./scores.ts";

/**
 * R̂: the larger of the split R̂ of the normalised ranks (do the chains agree in location?) and of the ranks of
 * |x − median| (do they agree in spread?), of which one that is the same everywhere tells nothing and does not count.
 * Chains that agree have R̂ < 1.01; chains that are stuck at different values have ∞. As in ArviZ.
 *
 * @throws {RangeError} where there are fewer than two chains, chains differ in length or have fewer than 4 draws, a
 * value is not finite, or all values are the same.
 */
export function rankNormalizedRHat(chains: readonly Float64Array[]): number {
  const halves = split(chains), all = Float64Array.from(halves.flatMap((half) => [...half])).sort();
  const median = (all[(all.length - 1) >> 1] + all[all.length >> 1]) / 2;
  const folded = halves.map((half) => half.map((x) => Math.abs(x - median)));
  return Math.max(...[halves, folded].map(normalScores).map(rHat).filter((it) => !isNaN(it)));
}

/**
 * The bulk effective sample size: as many independent draws would estimate the location as well. At least 100 a chain
 * are advised.
 *
 * The autocorrelations, averaged over the chains, are summed in pairs while the pairs are positive, and made monotone
 * (Geyer, Practical Markov Chain Monte Carlo, 1992).
 *
 * @throws {RangeError} as `rankNormalizedRHat()`.
 */
export function bulkEffectiveSampleSize(chains: readonly Float64Array[]): number {
  const scores = normalScores(split(chains));
  const S = scores[0].length, total = scores.length * S;
  const { within, pooled } = variances(scores);
  const centred = scores.map((chain) => {
    const m = mean(chain);
    return chain.map((z) => z - m);
  });
  const autocorrelation = (lag: number) => {
    let covariance = 0;
    for (const chain of centred) {
      for (let s = lag; s < S; s++) covariance += chain[s] * chain[s - lag] / total;
    }
    return 1 - (within - covariance) / pooled;
  };
  let tau = -1, previous = Infinity;
  for (let lag = 0; lag < S - 2; lag += 2) {
    const even = lag === 0 ? 1 : autocorrelation(lag), pair = even + autocorrelation(lag + 1);
    if (pair <= 0 || lag >= S - 4) {
      tau += Math.max(even, 0); // the pair that ends the sum counts by its first half, as in Stan
      break;
    }
    previous = Math.min(pair, previous);
    tau += 2 * previous;
  }
  return total / Math.max(tau, 1 / Math.log10(total));
}

/** Each chain as its two halves (without the middle draw of an odd number), checked. */
function split(chains: readonly Float64Array[]): Float64Array[] {
  if (!Array.isArray(chains)) {
    throw new TypeError(`chains are an array, one entry a chain, got ${shown(chains)}`);
  }
  chains.forEach((chain, c) => checkNumbers(`chains[${c}]`, chain));
  const S = chains[0]?.length ?? 0;
  if (chains.length < 2 || S < 4 || chains.some((chain) => chain.length !== S)) {
    throw new RangeError(
      `Convergence is judged from at least two chains of one length, at least 4, got lengths [${
        chains.map((chain) => chain.length)
      }]`,
    );
  }
  if (isConstant(chains)) {
    throw new RangeError(`Nothing moves: every value of every chain is ${chains[0][0]}`);
  }
  const half = S >> 1;
  return chains.flatMap((chain) => {
    const values = Float64Array.from(chain);
    return [values.slice(0, half), values.slice(S - half)];
  });
}

function isConstant(chains: readonly Float64Array[]): boolean {
  return chains.every((chain) => Array.prototype.every.call(chain, (x) => x === chains[0][0]));
}

/** Φ⁻¹((r − 3/8) / (n + 1/4)) of each value's rank r among all n, ties sharing their mean rank. */
function normalScores(chains: readonly Float64Array[]): Float64Array[] {
  const S = chains[0].length, n = chains.length * S, values = new Float64Array(n);
  chains.forEach((chain, c) => values.set(chain, c * S));
  const scores = midranks(values).map((rank) => normalQuantile((rank - 0.375) / (n + 0.25)));
  return chains.map((_, c) => scores.slice(c * S, (c + 1) * S));
}

/**
 * √(pooled variance / mean variance within the chains) (Gelman et al., Bayesian Data Analysis, section 11.4); ∞ where only
 * the chains differ, and NaN where nothing does.
 */
function rHat(chains: readonly Float64Array[]): number {
  const { within, pooled } = variances(chains);
  return Math.sqrt(pooled / within);
}

function variances(chains: readonly Float64Array[]): { within: number; pooled: number } {
  const S = chains[0].length;
  const within = mean(Float64Array.from(chains, variance));
  return { within, pooled: (S - 1) / S * within + variance(Float64Array.from(chains, mean)) };
}

/** Computed from the first value on, so that equal values have themselves as their mean and no variance. */
function mean(values: Float64Array): number {
  return values[0] + values.reduce((sum, x) => sum + (x - values[0]), 0) / values.length;
}

function variance(values: Float64Array): number {
  const m = mean(values);
  return values.reduce((sum, x) => sum + (x - m) ** 2, 0) / (values.length - 1);
}

/**
 * Φ⁻¹(p), to 7 digits.
 *
 * Source: Wichura, Algorithm AS 241, Applied Statistics 37 (1988), PPND7.
 */
export function normalQuantile(p: number): number {
  checkBetween("p", p, { low: 0, high: 1, open: ["low", "high"] });
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return q * (((59.109374720 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179) /
      (((67.187563600 * r + 78.757757664) * r + 17.895169469) * r + 1);
  }
  const r = Math.sqrt(-Math.log(Math.min(p, 1 - p)));
  const tail = r <= 5
    ? (((0.17023821103 * (r - 1.6) + 1.3067284816) * (r - 1.6) + 2.7568153900) * (r - 1.6) +
      1.4234372777) / ((0.12021132975 * (r - 1.6) + 0.73700164250) * (r - 1.6) + 1)
    : (((0.017337203997 * (r - 5) + 0.42868294337) * (r - 5) + 3.0812263860) * (r - 5) +
      6.6579051150) / ((0.012258202635 * (r - 5) + 0.24197894225) * (r - 5) + 1);
  return Math.sign(q) * tail;
}
