/**
 * A log-concave density summed on a lattice that grows from its mode over all that matters.
 *
 * @module
 */
import { type Matrix, row, zeros } from "../../linear_algebra/mod.ts";

/** The nodes that a density was summed on. */
export interface Lattice {
  /** θ of each node, M × P. */
  readonly nodes: Matrix;
  /** The probability of each node's cell, M numbers that sum to 1. */
  readonly weights: Float64Array;
  /** The volume of a cell. */
  readonly cell: number;
  /** The logarithm of the density's integral. */
  readonly logEvidence: number;
}

const FALL = 28; // nats from the mode to the edge of the lattice
const REACH = 512; // steps from the centre, along each axis
const COARSE = 0.02; // nats; the log evidence is then right to about a hundredth of this
const LARGEST = 3_000_000; // nodes

/**
 * The nodes `centre` + `step` · `basis` · (integers) that are reached from the centre over neighbours at which
 * `logJoint` is at most 28 below its value there.
 *
 * @throws {RangeError} where they are more than 3,000,000 or more than 511 steps from the centre, or the step is too coarse
 * for the density.
 */
export function fillLattice(
  logJoint: (theta: Float64Array) => number,
  { centre, basis, step, cell }: {
    centre: Float64Array;
    basis: Matrix;
    step: number;
    cell: number;
  },
): Lattice {
  const P = centre.length, side = 2 * REACH + 1;
  const strides = Array.from({ length: P }, (_, d) => side ** d);
  const origin = strides.reduce((sum, stride) => sum + REACH * stride, 0);
  const floor = logJoint(centre) - FALL;
  const theta = new Float64Array(P),
    thetas: number[] = [],
    logs: number[] = [],
    even: boolean[] = [],
    queue = [origin],
    seen = new Set(queue);
  for (let head = 0; head < queue.length; head++) {
    theta.set(centre);
    let everyOffsetEven = true;
    for (let d = 0; d < P; d++) {
      const offset = Math.floor(queue[head] / strides[d]) % side - REACH;
      if (Math.abs(offset) === REACH) throw tooWide();
      everyOffsetEven &&= offset % 2 === 0;
      for (let i = 0; i < P; i++) theta[i] += step * offset * basis.data[i * P + d];
    }
    const value = logJoint(theta);
    if (value < floor) continue;
    for (let i = 0; i < P; i++) thetas.push(theta[i]);
    logs.push(value);
    even.push(everyOffsetEven);
    for (const stride of strides) {
      for (const next of [queue[head] - stride, queue[head] + stride]) {
        if (seen.has(next)) continue;
        seen.add(next);
        queue.push(next);
      }
    }
    if (queue.length > LARGEST) throw tooWide();
  }
  const largest = logs.reduce((a, b) => Math.max(a, b));
  const weights = Float64Array.from(logs, (log) => Math.exp(log - largest));
  const total = weights.reduce((a, b) => a + b);
  const coarse = weights.reduce((sum, weight, m) => even[m] ? sum + weight : sum, 0);
  const change = Math.abs(Math.log(2 ** P * coarse / total)); // on every second node of each axis
  if (!(change < COARSE)) {
    throw new RangeError(
      `A step of ${step} is too coarse for this posterior: take a smaller one or a narrower prior ` +
        `(with twice the step the log evidence would change by ${change.toPrecision(2)})`,
    );
  }
  return {
    nodes: { rows: logs.length, columns: P, data: Float64Array.from(thetas) },
    weights: weights.map((w) => w / total),
    cell,
    logEvidence: largest + Math.log(total * cell),
  };
}

/** Mean, covariance and skewness of the density. */
export function momentsOf({ nodes, weights }: Lattice) {
  const P = nodes.columns, mean = new Float64Array(P), third = new Float64Array(P);
  const covariance = zeros(P, P);
  weights.forEach((w, m) => row(nodes, m).forEach((t, i) => mean[i] += w * t));
  weights.forEach((w, m) => {
    const centred = row(nodes, m).map((t, i) => t - mean[i]);
    for (let i = 0; i < P; i++) {
      third[i] += w * centred[i] ** 3;
      for (let j = 0; j < P; j++) covariance.data[i * P + j] += w * centred[i] * centred[j];
    }
  });
  const skewness = third.map((t, i) => t / covariance.data[i * P + i] ** 1.5);
  return { mean, covariance, skewness };
}

function tooWide(): RangeError {
  return new RangeError(
    `The posterior spreads over more than ${LARGEST} nodes or ${REACH} steps: take a larger step or a narrower prior`,
  );
}
