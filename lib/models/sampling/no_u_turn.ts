/**
 * One transition of the No-U-Turn sampler: a Hamiltonian trajectory that doubles until it turns back on itself.
 *
 * Multinomial sampling along the trajectory, biased towards its newest half, and the turning criterion of sums of
 * momenta, checked across the two halves as well, as in Stan.
 *
 * Sources: Hoffman and Gelman, The No-U-Turn Sampler (2014); Betancourt, A Conceptual Introduction to Hamiltonian Monte
 * Carlo (2017), appendix A.
 *
 * @module
 */
import { dot } from "../../linear_algebra/mod.ts";
import { normals, type Random } from "../../random.ts";

/** A log density, up to a constant, with its gradient. */
export type LogDensity = (
  theta: Float64Array,
) => { value: number; gradient: ArrayLike<number> };

/** A position with its log density and gradient. */
export interface Position {
  readonly theta: Float64Array;
  readonly value: number;
  readonly gradient: ArrayLike<number>;
}

/** How a trajectory is integrated: the step ε and the diagonal of the inverse mass matrix M⁻¹. */
export interface Integrator {
  readonly logDensity: LogDensity;
  readonly stepSize: number;
  readonly inverseMass: Float64Array;
}

/** Where a transition ended, and how it went. */
export interface Transition {
  readonly position: Position;
  /** Mean Metropolis acceptance probability over the trajectory. */
  readonly acceptance: number;
  readonly leapfrogs: number;
  readonly depth: number;
  /** Whether the integration lost the energy by more than 1000, so that the density there was not explored. */
  readonly divergent: boolean;
}

interface Phase extends Position {
  readonly momentum: Float64Array;
}

/** A stretch of trajectory, `left` before `right` in time. */
interface Tree {
  readonly left: Phase;
  readonly right: Phase;
  readonly proposal: Position;
  /** log Σ exp(−energy + energy at the start) over its phases. */
  readonly logWeight: number;
  /** ρ, the sum of the momenta. */
  readonly momentumSum: Float64Array;
  readonly acceptanceSum: number;
  readonly leapfrogs: number;
  /** Whether it may grow: it neither turned nor diverged. */
  readonly open: boolean;
  readonly divergent: boolean;
}

/** `logDensity` at `theta`, kept together. */
export function positionAt(logDensity: LogDensity, theta: Float64Array): Position {
  return { theta, ...logDensity(theta) };
}

/** A draw that leaves the density invariant, from `position`, with at most 2^`maximumDepth` − 1 leapfrog steps. */
export function transition(
  position: Position,
  integrator: Integrator,
  random: Random,
  maximumDepth: number,
): Transition {
  const start = withMomentum(position, integrator, random);
  const energy = energyOf(start, integrator);
  let tree: Tree = {
    left: start,
    right: start,
    proposal: start,
    logWeight: 0,
    momentumSum: start.momentum,
    acceptanceSum: 0,
    leapfrogs: 0,
    open: true,
    divergent: false,
  };
  let depth = 0;
  while (tree.open && depth < maximumDepth) {
    const forwards = random() < 0.5;
    const from = forwards ? tree.right : tree.left;
    const grown = grow(from, depth, forwards ? 1 : -1, { ...integrator, energy, random });
    const accepted = grown.open && Math.log(random()) < grown.logWeight - tree.logWeight;
    const proposal = accepted ? grown.proposal : tree.proposal;
    const [left, right] = forwards ? [tree, grown] : [grown, tree];
    tree = { ...joined(left, right, integrator.inverseMass), proposal };
    depth++;
  }
  return {
    position: tree.proposal,
    acceptance: tree.acceptanceSum / tree.leapfrogs,
    leapfrogs: tree.leapfrogs,
    depth,
    divergent: tree.divergent,
  };
}

/** 2^`depth` leapfrog steps away from `from`, in the direction of time ±1, or fewer where they turn or diverge. */
function grow(
  from: Phase,
  depth: number,
  time: 1 | -1,
  context: Integrator & { energy: number; random: Random },
): Tree {
  if (depth === 0) {
    const phase = leapfrog(from, context, time);
    const gain = context.energy - energyOf(phase, context);
    const divergent = !(gain > -1000);
    return {
      left: phase,
      right: phase,
      proposal: phase,
      logWeight: divergent ? -Infinity : gain,
      momentumSum: phase.momentum,
      acceptanceSum: divergent ? 0 : Math.min(1, Math.exp(gain)),
      leapfrogs: 1,
      open: !divergent,
      divergent,
    };
  }
  const near = grow(from, depth - 1, time, context);
  if (!near.open) return near;
  const far = grow(time > 0 ? near.right : near.left, depth - 1, time, context);
  const [left, right] = time > 0 ? [near, far] : [far, near];
  const tree = joined(left, right, context.inverseMass);
  const accepted = far.open && Math.log(context.random()) < far.logWeight - tree.logWeight;
  return { ...tree, proposal: accepted ? far.proposal : near.proposal };
}

/** Two stretches that touch, as one. */
function joined(a: Tree, b: Tree, inverseMass: Float64Array): Omit<Tree, "proposal"> {
  const momentumSum = sum(a.momentumSum, b.momentumSum);
  const goesOn = (first: Phase, last: Phase, total: Float64Array) =>
    along(first.momentum, total, inverseMass) > 0 && along(last.momentum, total, inverseMass) > 0;
  const top = Math.max(a.logWeight, b.logWeight);
  return {
    left: a.left,
    right: b.right,
    momentumSum,
    logWeight: top + Math.log(Math.exp(a.logWeight - top) + Math.exp(b.logWeight - top)),
    acceptanceSum: a.acceptanceSum + b.acceptanceSum,
    leapfrogs: a.leapfrogs + b.leapfrogs,
    open: a.open && b.open && goesOn(a.left, b.right, momentumSum) &&
      goesOn(a.left, b.left, sum(a.momentumSum, b.left.momentum)) &&
      goesOn(a.right, b.right, sum(b.momentumSum, a.right.momentum)),
    divergent: a.divergent || b.divergent,
  };
}

/** One leapfrog step of size ε forwards (`time` 1) or backwards (−1). */
function leapfrog(
  { theta, gradient, momentum }: Phase,
  { logDensity, stepSize, inverseMass }: Integrator,
  time: 1 | -1,
): Phase {
  const epsilon = time * stepSize;
  const half = momentum.map((p, i) => p + epsilon / 2 * gradient[i]);
  const next = positionAt(logDensity, theta.map((q, i) => q + epsilon * inverseMass[i] * half[i]));
  return { ...next, momentum: half.map((p, i) => p + epsilon / 2 * next.gradient[i]) };
}

function withMomentum(position: Position, { inverseMass }: Integrator, random: Random): Phase {
  const z = normals(random, inverseMass.length);
  return { ...position, momentum: z.map((zi, i) => zi / Math.sqrt(inverseMass[i])) };
}

function energyOf({ value, momentum }: Phase, { inverseMass }: Integrator): number {
  return along(momentum, momentum, inverseMass) / 2 - value;
}

/** log of the acceptance ratio of a single leapfrog step from `position`: what a first step size is chosen by. */
export function logRatioOfOneStep(
  position: Position,
  integrator: Integrator,
  random: Random,
): number {
  const start = withMomentum(position, integrator, random);
  const ratio = energyOf(start, integrator) -
    energyOf(leapfrog(start, integrator, 1), integrator);
  return Number.isNaN(ratio) ? -Infinity : ratio;
}

const sum = (a: Float64Array, b: Float64Array) => a.map((ai, i) => ai + b[i]);

/** pᵀ M⁻¹ ρ. */
const along = (p: Float64Array, rho: Float64Array, inverseMass: Float64Array) =>
  dot(p.map((pi, i) => pi * inverseMass[i]), rho);
