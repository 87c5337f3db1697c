/**
 * Draws from a network's posterior that were made once and kept: the reference for every approximation of it.
 *
 * ```ts ignore
 * const reference = await readTwoMoonsPosterior(); // of the 2-50-1 network under N(0, I); reference.train are its points
 * const { probabilities } = reference.predict(grid);
 * const { rHat, effectiveSampleSize } = reference.convergence(grid); // at each point
 * ```
 *
 * `deno task sample` makes them, by the No-U-Turn sampler. A reference, not the truth: `convergence()` tells how far
 * its chains agree.
 *
 * @module
 */
import { shown } from "../../checks.ts";
import { projectData } from "../../data/directory.ts";
import { checkInputs, checkPoints, type Labelled } from "../../data/labelled.ts";
import {
  readSafetensors,
  type StoredTensor,
  storedTensor,
  writeSafetensors,
} from "../../data/safetensors.ts";
import { type Matrix, row } from "../../linear_algebra/mod.ts";
import { bulkEffectiveSampleSize, rankNormalizedRHat } from "../../metrics/convergence.ts";
import { parameterCount } from "../perceptron/multilayer_perceptron.ts";
import { checkPriorDeviation } from "../inference/prior.ts";
import { predictUnder } from "../perceptron/network_classifier.ts";
import { averaged, type Prediction } from "../inference/predictive.ts";

/** A posterior in the form of draws from it. */
export interface PosteriorDraws {
  /** The widths of all layers, from inputs to outputs. */
  readonly sizes: readonly number[];
  /** σ of the prior N(0, σ² I). */
  readonly priorDeviation: number;
  /** The points that the posterior is conditioned on. */
  readonly train: Labelled;
  /** One chain an entry, its draws by rows (S × P). */
  readonly chains: readonly Matrix[];
  /** How the draws were made, in words and numbers. */
  readonly description: Readonly<Record<string, string>>;
}

/** Posterior draws with what they predict. */
export interface PosteriorReference extends PosteriorDraws {
  /** The mean of the class probabilities over all draws at each row of X. */
  predict(X: Matrix): Prediction;
  /** R̂ and the bulk effective sample size of the probability of class 1 at each row of X. */
  convergence(X: Matrix): { rHat: Float64Array; effectiveSampleSize: Float64Array };
}

/** Writes draws, in single precision, as safetensors. */
export async function writePosteriorDraws(
  path: string,
  draws: PosteriorDraws,
): Promise<void> {
  const { sizes, priorDeviation, train, chains, description } = checkPosteriorDraws(draws);
  const tensors: [string, StoredTensor][] = [
    ["X", { shape: [train.X.rows, train.X.columns], values: train.X.data }],
    ["labels", { shape: [train.labels.length], values: train.labels }],
    ...chains.map(({ rows, columns, data }, c): [string, StoredTensor] => [
      `chain.${c}`,
      { shape: [rows, columns], values: Float32Array.from(data) },
    ]),
  ];
  await writeSafetensors(path, tensors, {
    metadata: {
      ...description,
      sizes: JSON.stringify(sizes),
      priorDeviation: `${priorDeviation}`,
    },
  });
}

/**
 * Reads draws that `writePosteriorDraws()` wrote.
 *
 * @throws {DataFileError} where the file cannot be read or lacks something.
 */
export async function readPosteriorDraws(path: string): Promise<PosteriorReference> {
  const file = await readSafetensors(path);
  const asMatrix = (name: string): Matrix => {
    const { shape: [rows, columns], values } = storedTensor(file, name, { shape: [-1, -1] });
    return { rows, columns, data: Float64Array.from(values as Float32Array | Float64Array) };
  };
  const X = asMatrix("X");
  const labels = storedTensor(file, "labels", { shape: [X.rows] }).values as Int32Array;
  const names = [...file.tensors.keys()].filter((name) => name.startsWith("chain.")).sort();
  const { sizes, priorDeviation, ...description } = file.metadata;
  return withPredictions({
    sizes: JSON.parse(sizes),
    priorDeviation: Number(priorDeviation),
    train: { X, labels },
    chains: names.map(asMatrix),
    description,
  });
}

/** Where `deno task sample` keeps the posterior of the 2-50-1 network on two moons. */
export const TWO_MOONS_POSTERIOR: string = projectData("two-moons-posterior.safetensors");

/** The posterior of the 2-50-1 network on two moons, as kept. */
export function readTwoMoonsPosterior(): Promise<PosteriorReference> {
  return readPosteriorDraws(TWO_MOONS_POSTERIOR);
}

/**
 * `draws`, once they are chains of the parameters of a network.
 *
 * @throws {TypeError | RangeError}
 */
function checkPosteriorDraws(draws: PosteriorDraws): PosteriorDraws {
  if (typeof draws !== "object" || draws === null || !Array.isArray(draws.chains)) {
    throw new TypeError(
      `draws are { sizes, priorDeviation, train, chains, description }, got ${shown(draws)}`,
    );
  }
  const columns = parameterCount(draws.sizes);
  draws.chains.forEach((chain, c) => checkInputs(chain, { columns, name: `chains[${c}]` }));
  checkPriorDeviation(draws.priorDeviation);
  checkPoints(draws.train, { classes: Math.max(2, draws.sizes.at(-1)!), columns: draws.sizes[0] });
  return draws;
}

/**
 * `draws` with what they predict.
 *
 * @throws {TypeError | RangeError} where they are no chains of the parameters of a network.
 */
export function withPredictions(draws: PosteriorDraws): PosteriorReference {
  const { sizes, chains } = checkPosteriorDraws(draws);
  const predict = (X: Matrix) =>
    averaged(chains.flatMap((chain) => predictUnder(chain, sizes, X).samples!));
  return {
    ...draws,
    predict,
    convergence(X) {
      const samples = predict(X).samples!;
      const chainsAt = (n: number) =>
        chains.map(({ rows }, c) =>
          Float64Array.from({ length: rows }, (_, s) => row(samples[c * rows + s], n)[1])
        );
      const points = Array.from({ length: X.rows }, (_, n) => chainsAt(n));
      return {
        rHat: Float64Array.from(points, rankNormalizedRHat),
        effectiveSampleSize: Float64Array.from(points, bulkEffectiveSampleSize),
      };
    },
  };
}
