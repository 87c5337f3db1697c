/**
 * Hamiltonian Monte Carlo by the No-U-Turn sampler, with its step size and a diagonal mass matrix adapted in warm-up.
 *
 * ```ts ignore
 * const logDensity = (theta: Float64Array) => logPosterior({ sizes, theta }, train, { priorDeviation: 1 });
 * const chain = sampleNuts(logDensity, { start, random: seeded(1), warmup: 1000, samples: 1000 });
 * chain.draws; // S × P
 * ```
 *
 * Sources: Hoffman and Gelman, The No-U-Turn Sampler, JMLR 15 (2014); the Stan reference manual, "HMC algorithm
 * parameters", for the windows of the warm-up.
 *
 * @module
 */
import {
  checkBetween,
  checkFunction,
  checkNumbers,
  checkOptions,
  checkWhole,
} from "../../checks.ts";
import { type Matrix, row, zeros } from "../../linear_algebra/mod.ts";
import { checkRandom, type Random } from "../../random.ts";
import {
  type LogDensity,
  logRatioOfOneStep,
  type Position,
  positionAt,
  transition,
} from "./no_u_turn.ts";

/** How a chain is run. */
export interface ChainOptions {
  /** θ where the chain begins, P numbers. */
  start: Float64Array;
  /** The source of randomness. */
  random: Random;
  /** Transitions that adapt the sampler and are thrown away. */
  warmup?: number;
  /** Transitions that are kept, S. */
  samples?: number;
  /** The mean acceptance probability that the step size is adapted to; in (0, 1). */
  targetAcceptance?: number;
  /** A trajectory has fewer than 2^`maximumDepth` steps. */
  maximumDepth?: number;
  /** Called after each transition. */
  onTransition?: (done: number, total: number) => void;
}

/** What a chain drew. */
export interface Chain {
  /** θ after each kept transition, S × P. */
  readonly draws: Matrix;
  /** The log density of each draw. */
  readonly logDensities: Float64Array;
  /** The step size of the leapfrog integrator. */
  readonly stepSize: number;
  /** The diagonal of M⁻¹: the variances that the warm-up found. */
  readonly inverseMass: Float64Array;
  /** Mean acceptance probability of the kept transitions. */
  readonly acceptance: number;
  /** Kept transitions that lost the energy: any make the draws suspect. */
  readonly divergences: number;
  /** Gradients computed, in warm-up too. */
  readonly leapfrogs: number;
}

/**
 * A chain of draws from the density proportional to exp(`logDensity`), from `start` on.
 *
 * @throws {RangeError} where an option is out of range or the density is not finite at `start`.
 */
export function sampleNuts(
  logDensity: LogDensity,
  options: ChainOptions,
): Chain {
  const {
    start,
    random,
    warmup = 1000,
    samples = 1000,
    targetAcceptance = 0.8,
    maximumDepth = 10,
    onTransition = () => {},
  } = checkOptions("sampleNuts()", options, [
    "start",
    "random",
    "warmup",
    "samples",
    "targetAcceptance",
    "maximumDepth",
    "onTransition",
  ]);
  checkFunction("logDensity", logDensity);
  checkFunction("onTransition", onTransition);
  checkNumbers("start", start);
  checkRandom("sampleNuts()", random);
  checkWhole("warmup", warmup, { least: 20 });
  checkWhole("samples", samples, { least: 1 });
  checkWhole("maximumDepth", maximumDepth, { least: 1, most: 30 });
  checkBetween("targetAcceptance", targetAcceptance, { low: 0, high: 1, open: ["low", "high"] });
  let position = positionAt(logDensity, Float64Array.from(start));
  if (!Number.isFinite(position.value)) {
    throw new RangeError(`A chain starts where the log density is finite, got ${position.value}`);
  }
  let inverseMass = new Float64Array(start.length).fill(1), leapfrogs = 0;
  const first = (from: Position) =>
    firstStepSize(from, { logDensity, inverseMass, stepSize: 1 }, random);
  let stepSize = dualAveraging(first(position), targetAcceptance);
  let moments = runningVariance(start.length);
  const windows = windowEnds(warmup);
  const step = (size: number) => {
    const result = transition(
      position,
      { logDensity, stepSize: size, inverseMass },
      random,
      maximumDepth,
    );
    position = result.position;
    leapfrogs += result.leapfrogs;
    return result;
  };
  for (let t = 0; t < warmup; t++) {
    stepSize.update(step(stepSize.exploring()).acceptance);
    if (t >= windows.start && t < windows.ends.at(-1)!) moments.add(position.theta);
    if (windows.ends.includes(t + 1)) {
      inverseMass = moments.variance();
      moments = runningVariance(start.length);
      stepSize = dualAveraging(first(position), targetAcceptance);
    }
    onTransition(t + 1, warmup + samples);
  }
  const kept = zeros(samples, start.length), logDensities = new Float64Array(samples);
  let acceptance = 0, divergences = 0;
  for (let s = 0; s < samples; s++) {
    const result = step(stepSize.settled());
    row(kept, s).set(position.theta);
    logDensities[s] = position.value;
    acceptance += result.acceptance / samples;
    divergences += Number(result.divergent);
    onTransition(warmup + s + 1, warmup + samples);
  }
  return {
    draws: kept,
    logDensities,
    stepSize: stepSize.settled(),
    inverseMass,
    acceptance,
    divergences,
    leapfrogs,
  };
}

/** Doubles or halves the step until the acceptance of one step crosses 0.8 (Hoffman and Gelman, algorithm 4). */
function firstStepSize(
  position: Position,
  integrator: { logDensity: LogDensity; inverseMass: Float64Array; stepSize: number },
  random: Random,
): number {
  const accepts = (stepSize: number) =>
    logRatioOfOneStep(position, { ...integrator, stepSize }, random) > Math.log(0.8);
  let { stepSize } = integrator;
  const factor = accepts(stepSize) ? 2 : 0.5;
  do stepSize *= factor; while (
    accepts(stepSize) === (factor === 2) && stepSize > 1e-12 && stepSize < 1e12
  );
  return stepSize;
}

/** Nesterov's dual averaging of log ε (Hoffman and Gelman, section 3.2.1, with their constants). */
function dualAveraging(initial: number, target: number) {
  const gamma = 0.05, t0 = 10, kappa = 0.75, mu = Math.log(10 * initial);
  let t = 0, error = 0, log = Math.log(initial), average = 0;
  return {
    update(acceptance: number) {
      t++;
      error += (target - acceptance - error) / (t + t0);
      log = mu - Math.sqrt(t) / gamma * error;
      average += t ** -kappa * (log - average);
    },
    exploring: () => Math.exp(log),
    settled: () => Math.exp(average),
  };
}

/** Welford's variances, shrunk towards 10⁻³ as Stan does. */
function runningVariance(size: number) {
  let n = 0;
  const mean = new Float64Array(size), squares = new Float64Array(size);
  return {
    add(theta: Float64Array) {
      n++;
      for (let i = 0; i < size; i++) {
        const before = theta[i] - mean[i];
        mean[i] += before / n;
        squares[i] += before * (theta[i] - mean[i]);
      }
    },
    variance: () => squares.map((s) => (n * s / (n - 1) + 5e-3) / (n + 5)),
  };
}

/** Where variances are estimated: from `start` on, renewed at each of `ends`, in windows that double. */
function windowEnds(warmup: number): { start: number; ends: number[] } {
  const [start, last, base] = warmup >= 150
    ? [75, warmup - 50, 25]
    : [Math.floor(0.15 * warmup), Math.floor(0.9 * warmup), warmup];
  const ends: number[] = [];
  for (let from = start, size = base; from < last; size *= 2) {
    const end = from + size + 2 * size > last ? last : from + size;
    ends.push(end);
    from = end;
  }
  return { start, ends };
}
