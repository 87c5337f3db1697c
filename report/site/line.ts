/** Bayesian linear regression that answers to the hand. */
import * as Plot from "@observablehq/plot";
import { cholesky, identity, type Matrix } from "../../lib/linear_algebra/mod.ts";
import {
  type Basis,
  type BayesianLinearRegression,
  evenlySpaced,
  fitBayesianLinearRegression,
  fourier,
  gaussian,
  polynomial,
} from "../../lib/models/regression/mod.ts";
import { seeded } from "../../lib/random.ts";
import { colors } from "../../lib/figures/theme.ts";
import { dataPoints, gaussianEllipses, predictionBands } from "../../lib/figures/regression.ts";
import { bind, byId, handles, onNextFrame } from "./controls.ts";
import { figure, show } from "./figure.ts";
import { keepState, readState } from "./state.ts";

const REACH = 3;
const bases: Record<string, Basis> = {
  line: polynomial({ degree: 1 }),
  cubic: polynomial({ degree: 3 }),
  nonic: polynomial({ degree: 9 }),
  bumps: gaussian({ centres: evenlySpaced(-REACH, REACH, 12), width: 0.6 }),
  waves: fourier({ period: 4 * REACH, harmonics: 6 }),
};

const initial = {
  x: [-2, -1.4, -0.6, 0.3, 1.1, 1.9] as readonly number[],
  y: [-1.3, -0.7, -0.6, 0.5, 0.4, 1.4] as readonly number[],
  basis: "line",
  alpha: 0, // log₁₀
  beta: 1, // log₁₀
  functions: 6,
  seed: 1,
};
const state = readState(initial), keep = keepState(initial);
if (!Object.hasOwn(bases, state.basis)) state.basis = initial.basis;
if (state.x.length !== state.y.length) Object.assign(state, { x: initial.x, y: initial.y });

const inputs = evenlySpaced(-REACH, REACH, 121);

function modelAt(logAlpha: number): BayesianLinearRegression {
  return fitBayesianLinearRegression(state, {
    basis: bases[state.basis],
    alpha: 10 ** logAlpha,
    beta: 10 ** state.beta,
  });
}

const draw = onNextFrame(() => {
  const model = modelAt(state.alpha);
  const prediction = model.predict(inputs), count = state.x.length;
  const functions = model.sampleFunctions(inputs, { random: seeded(state.seed), samples: 20 });
  const lines = Array.from(
    { length: state.functions },
    (_, s) =>
      Plot.line(inputs.map((x, i) => [x, functions.data[s * inputs.length + i]]), {
        stroke: colors.vermilion,
        strokeOpacity: 0.6,
        clip: true,
      }),
  );
  const drawn = figure({
    height: 420,
    x: { domain: [-REACH, REACH], label: "x" },
    y: { domain: [-REACH, REACH], label: "y" },
    marks: [
      ...predictionBands({ x: inputs, ...prediction }),
      ...lines,
      dataPoints(state, { radius: 3.5 }),
      Plot.frame(),
    ],
  }, `${count} points, the predictive mean and its bands, and ${state.functions} drawn functions`);
  stage.place(drawn, state.x.map((x, i) => [x, state.y[i]] as const));
  drawWeights(model);
  drawEvidence(model.logEvidence);
  keep(state);
});

function drawWeights({ posterior, alpha }: BayesianLinearRegression): void {
  const prior = { mean: [0, 0], precisionCholesky: identity(2, Math.sqrt(alpha)) };
  show(
    byId("weights"),
    figure(
      {
        height: 420,
        x: { domain: [-3, 3], label: "w₁" },
        y: { domain: [-3, 3], label: "w₂" },
        marks: [
          Plot.ruleX([0], { strokeOpacity: 0.15 }),
          Plot.ruleY([0], { strokeOpacity: 0.15 }),
          ...[1, 2, 3].map((radius) => ellipseLine(prior, radius)),
          ...gaussianEllipses(firstTwo(posterior)),
          Plot.dot([Array.from(posterior.mean.subarray(0, 2))], {
            r: 3,
            fill: colors.blue,
            clip: true,
          }),
          Plot.frame(),
        ],
      },
      `The posterior of the first two weights, with mean ${posterior.mean[0].toFixed(2)} and ${
        posterior.mean[1].toFixed(2)
      }`,
    ),
  );
}

function ellipseLine(
  { precisionCholesky: { data } }: { precisionCholesky: Matrix },
  radius: number,
) {
  const corners = evenlySpaced(0, 2 * Math.PI, 73);
  const r = radius / data[0];
  return Plot.line(corners.map((t) => [r * Math.cos(t), r * Math.sin(t)]), {
    strokeDasharray: "1 4",
    strokeLinecap: "round",
    clip: true,
  });
}

/** The marginal of the first two weights. */
function firstTwo({ mean, covariance: { data, columns } }: BayesianLinearRegression["posterior"]) {
  const [a, b, c] = [data[0], data[1], data[columns + 1]], determinant = a * c - b * b;
  const precision = Float64Array.of(c, -b, -b, a).map((entry) => entry / determinant);
  return {
    mean: mean.subarray(0, 2),
    precisionCholesky: cholesky({ rows: 2, columns: 2, data: precision }),
  };
}

function drawEvidence(evidence: number): void {
  const alphas = evenlySpaced(-4, 3, 36);
  const values = alphas.map((logAlpha) => modelAt(logAlpha).logEvidence);
  const top = Math.max(...values);
  show(
    byId("evidence"),
    figure({
      height: 420,
      marginLeft: 60,
      x: { domain: [-4, 3], label: "log₁₀ α" },
      y: { domain: [Math.min(evidence, top - 20), top + 2], label: "log evidence (nats)" },
      marks: [
        Plot.line(alphas.map((a, i) => [a, values[i]]), {
          stroke: colors.blue,
          strokeWidth: 2,
          clip: true,
        }),
        Plot.dot([[state.alpha, evidence]], { r: 6, fill: colors.vermilion, stroke: "white" }),
        Plot.frame(),
      ],
    }, `The log evidence over the prior precision; it is ${evidence.toFixed(1)} nats at yours`),
  );
  const best = alphas[values.indexOf(top)];
  byId("summary").textContent =
    `${state.x.length} points. Log evidence ${
      evidence.toFixed(1)
    } nats; the best on this curve is ` +
    `${top.toFixed(1)} at α = ${(10 ** best).toPrecision(2)}.`;
}

const clamped = (value: number) => Math.min(REACH, Math.max(-REACH, value));
const stage = handles(byId("data"), {
  move(index, [x, y]) {
    state.x = state.x.map((it, i) => i === index ? clamped(x) : it);
    state.y = state.y.map((it, i) => i === index ? clamped(y) : it);
    draw();
  },
  remove(index) {
    state.x = state.x.filter((_, i) => i !== index);
    state.y = state.y.filter((_, i) => i !== index);
    draw();
  },
  add,
});

function add([x, y]: [number, number]): void {
  if (state.x.length >= 50) return;
  state.x = [...state.x, clamped(x)];
  state.y = [...state.y, clamped(y)];
  draw();
}

const power = (exponent: number) => (10 ** exponent).toPrecision(2);
bind("basis", { value: state.basis, onChange: (it) => (state.basis = it, draw()) });
bind("alpha", {
  value: state.alpha,
  text: power,
  onChange: (it) => (state.alpha = Number(it), draw()),
});
bind("beta", {
  value: state.beta,
  text: (it) => `${power(it)} (σ = ${(10 ** (-it / 2)).toPrecision(2)})`,
  onChange: (it) => (state.beta = Number(it), draw()),
});
bind("functions", {
  value: state.functions,
  onChange: (it) => (state.functions = Number(it), draw()),
});
byId("add").addEventListener("click", () => add([0, 0]));
byId("clear").addEventListener("click", () => (Object.assign(state, { x: [], y: [] }), draw()));
byId("again").addEventListener("click", () => (state.seed++, draw()));
draw();
