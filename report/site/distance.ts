/** Four posteriors of one classifier, side by side, and what each believes far from the data. */
import * as Plot from "@observablehq/plot";
import type { Labelled } from "../../lib/data/labelled.ts";
import { colors } from "../../lib/figures/theme.ts";
import { dot, type Matrix, matrix, multiplyVector } from "../../lib/linear_algebra/mod.ts";
import { totalVariation } from "../../lib/metrics/classification.ts";
import { fitLaplaceApproximation, normalCdf } from "../../lib/models/inference/mod.ts";
import {
  fitExactPosterior,
  fitLogisticRegression,
  fitVariationalLogisticRegressionByQuadrature,
} from "../../lib/models/logistic/mod.ts";
import { evenlySpaced } from "../../lib/models/regression/mod.ts";
import { bind, byId, handles, onNextFrame } from "./controls.ts";
import { figure, show } from "./figure.ts";
import { keepState, readState } from "./state.ts";

const REACH = 4, CELLS = 24, MOST = 60;

const initial = {
  x: [-1.6, -0.8, -1.9, -0.4, 0.6, 1.4, 1.9, 0.9] as readonly number[],
  y: [-0.6, -1.4, 0.5, -0.2, 0.3, 1.2, -0.3, 1.7] as readonly number[],
  c: [0, 0, 0, 0, 1, 1, 1, 1] as readonly number[],
  rx: 3,
  ry: 2,
  sigma: 0.3, // log₁₀
};
const state = readState(initial), keep = keepState(initial);
if (state.x.length !== state.y.length || state.x.length !== state.c.length) {
  Object.assign(state, { x: initial.x, y: initial.y, c: initial.c });
}

/** A posterior, however it is approximated. */
interface Answer {
  readonly name: string;
  readonly color: string;
  /** N × 2 probabilities at each row of X. */
  readonly probabilities: Matrix;
  /** Along the ray. */
  readonly along: Float64Array;
  /** Of class 1, infinitely far along the ray. */
  readonly limit: number;
}

const centres = evenlySpaced(-REACH + REACH / CELLS, REACH - REACH / CELLS, CELLS);
const grid = matrix(centres.flatMap((y) => centres.map((x) => [x, y])));
/** Distances along the ray, r = t / (1 − t) of its shown length, and where each is drawn. */
const shares = evenlySpaced(0, 0.985, 80), distances = shares.map((t) => 3 * t / (1 - t));

function answers(): Answer[] {
  const priorDeviation = 10 ** state.sigma;
  const data: Labelled = {
    X: matrix(state.x.map((x, i) => [x, state.y[i]])),
    labels: Int32Array.from(state.c),
  };
  const middle = [mean(state.x), mean(state.y)];
  const length = Math.hypot(state.rx - middle[0], state.ry - middle[1]) || 1;
  const u = [(state.rx - middle[0]) / length, (state.ry - middle[1]) / length, 0];
  const ray = matrix(distances.map((r) => [middle[0] + r * u[0], middle[1] + r * u[1]]));
  const mode = fitLogisticRegression(data, { priorDeviation });
  const laplace = fitLaplaceApproximation(data, { model: mode, priorDeviation });
  const variational = fitVariationalLogisticRegressionByQuadrature(data, { priorDeviation });
  const exact = fitExactPosterior(data, { priorDeviation });
  const { values, density } = exact.marginal(u);
  const positive =
    density.reduce((sum, p, i) => sum + (values[i] > 0 ? p : values[i] === 0 ? p / 2 : 0), 0) /
    density.reduce((sum, p) => sum + p, 0);
  const slope = dot(mode.theta, u), { mean: q, deviation } = variational.layer;
  const along = (p: Matrix) => p.data.filter((_, k) => k % 2 === 1);
  const answer = (name: string, color: string, predict: (X: Matrix) => Matrix, limit: number) => ({
    name,
    color,
    probabilities: predict(grid),
    along: along(predict(ray)),
    limit,
  });
  return [
    answer(
      "Mode",
      colors.vermilion,
      (X) => mode.predict(X).probabilities,
      (Math.sign(slope) + 1) / 2,
    ),
    answer(
      "Laplace",
      colors.blue,
      (X) => laplace.predict(X, { method: "linearised" }).probabilities,
      normalCdf(slope / Math.sqrt(dot(u, multiplyVector(laplace.covariance, u)))),
    ),
    answer(
      "Variational",
      colors.purple,
      (X) => variational.predict(X).probabilities,
      normalCdf(dot(q, u) / Math.hypot(...u.map((it, i) => it * deviation[i]))),
    ),
    answer("Exact", colors.black, (X) => exact.predict(X).probabilities, positive),
  ];
}

const mean = (values: readonly number[]) =>
  values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);

const dots = () =>
  Plot.dot(state.x.map((x, i) => [x, state.y[i]]), {
    symbol: state.c.map((c) => c === 1 ? "circle" : "square"),
    fill: state.c.map((c) => c === 1 ? colors.blue : colors.orange),
    stroke: "white",
    r: 5,
  });

const draw = onNextFrame(() => {
  const middle: [number, number] = [mean(state.x), mean(state.y)];
  const square = { domain: [-REACH, REACH] as [number, number] };
  const drawn = figure({
    width: 640,
    height: 460,
    x: { ...square, label: "x₁" },
    y: { ...square, label: "x₂" },
    marks: [
      Plot.arrow([{ from: middle, to: [state.rx, state.ry] }], {
        x1: (it) => it.from[0],
        y1: (it) => it.from[1],
        x2: (it) => it.to[0],
        y2: (it) => it.to[1],
        strokeWidth: 2,
      }),
      dots(),
      Plot.dot([[state.rx, state.ry]], {
        r: 7,
        stroke: colors.vermilion,
        strokeWidth: 3,
        fill: "white",
      }),
      Plot.frame(),
    ],
  }, `${state.x.length} points of two classes, and a ray from their middle`);
  stage.place(drawn, [[state.rx, state.ry], ...state.x.map((x, i) => [x, state.y[i]] as const)]);
  keep(state);
  try {
    const all = answers();
    drawMaps(all);
    drawRay(all);
    byId("trouble").textContent = "";
  } catch (error) {
    byId("trouble").textContent = `${(error as Error).message}.`;
  }
});

function drawMaps(all: Answer[]): void {
  const exact = all.at(-1)!;
  byId("maps").replaceChildren(...all.map(({ name, probabilities }) => {
    const p = centres.flatMap((y, j) =>
      centres.map((x, i) => ({ x, y, p: probabilities.data[2 * (j * CELLS + i) + 1] }))
    );
    const distances = totalVariation(probabilities, exact.probabilities);
    const worst = distances.reduce((a, b) => Math.max(a, b));
    const panel = document.createElement("figure"), caption = document.createElement("figcaption");
    panel.append(figure({
      width: 300,
      height: 300,
      marginLeft: 34,
      x: { domain: [-REACH, REACH], label: null },
      y: { domain: [-REACH, REACH], label: null },
      marks: [
        Plot.rect(p, {
          x1: (d) => d.x - REACH / CELLS,
          x2: (d) => d.x + REACH / CELLS,
          y1: (d) => d.y - REACH / CELLS,
          y2: (d) => d.y + REACH / CELLS,
          fill: (d) => mix(d.p),
          inset: -0.4,
        }),
        dots(),
        Plot.frame(),
      ],
    }, `${name}: the probability of class 1`));
    caption.textContent = name === exact.name
      ? name
      : `${name}: ${mean(Array.from(distances)).toFixed(3)} on average, ${
        worst.toFixed(3)
      } at worst`;
    panel.append(caption);
    return panel;
  }));
}

/** From orange (class 0) over white to blue (class 1). */
function mix(p: number): string {
  const [r, g, b] = p < 0.5 ? [230, 159, 0] : [0, 114, 178], share = Math.abs(2 * p - 1) * 0.85;
  return `rgb(${[r, g, b].map((c) => Math.round(255 + share * (c - 255))).join(",")})`;
}

function drawRay(all: Answer[]): void {
  const labels = spread(all.map(({ limit }) => limit), 0.055);
  const ticks = [0, 1, 2, 5, 10, 30];
  show(
    byId("ray"),
    figure({
      width: 900,
      height: 320,
      marginRight: 150,
      x: {
        domain: [0, 1],
        label: "distance from the middle of the data",
        ticks: [...ticks.map((r) => r / (3 + r)), 1],
        tickFormat: (t: number) => t === 1 ? "∞" : String(Math.round(3 * t / (1 - t))),
      },
      y: { domain: [0, 1], label: "probability of class 1", grid: true },
      marks: [
        ...all.map(({ along, color, limit }) =>
          Plot.line([...shares.map((t, i) => [t, along[i]]), [1, limit]], {
            stroke: color,
            strokeWidth: 2.2,
          })
        ),
        ...all.map(({ color, limit }) => Plot.dot([[1, limit]], { fill: color, r: 4 })),
        ...all.map(({ name, color, limit }, i) =>
          Plot.text([[1, labels[i]]], {
            text: [`${name} ${limit.toFixed(3)}`],
            fill: color === colors.black ? "currentColor" : color,
            textAnchor: "start",
            dx: 10,
          })
        ),
        Plot.frame(),
      ],
    }, all.map(({ name, limit }) => `${name} tends to ${limit.toFixed(3)}`).join(", ")),
  );
}

/** `values`, moved apart until no two are nearer than `gap`, in their order. */
function spread(values: number[], gap: number): number[] {
  const order = values.map((_, i) => i).sort((i, j) => values[i] - values[j]), result = [...values];
  for (let k = 1; k < order.length; k++) {
    result[order[k]] = Math.max(result[order[k]], result[order[k - 1]] + gap);
  }
  const over = Math.max(0, result[order.at(-1)!] - 1);
  for (let k = order.length - 1, most = Infinity; k >= 0; k--) {
    result[order[k]] = Math.min(
      result[order[k]],
      k === order.length - 1 ? result[order[k]] - over : most - gap,
    );
    most = result[order[k]];
  }
  return result;
}

const clamped = (value: number) => Math.min(REACH, Math.max(-REACH, value));
const stage = handles(byId("paint"), {
  move(index, [x, y]) {
    if (index === 0) Object.assign(state, { rx: clamped(x), ry: clamped(y) });
    else {
      state.x = state.x.map((it, i) => i === index - 1 ? clamped(x) : it);
      state.y = state.y.map((it, i) => i === index - 1 ? clamped(y) : it);
    }
    draw();
  },
  remove(index) {
    if (index === 0) return;
    for (const name of ["x", "y", "c"] as const) {
      state[name] = state[name].filter((_, i) => i !== index - 1);
    }
    draw();
  },
  add([x, y]) {
    if (state.x.length >= MOST) return;
    const { value } = document.querySelector<HTMLInputElement>('input[name="class"]:checked')!;
    state.x = [...state.x, clamped(x)];
    state.y = [...state.y, clamped(y)];
    state.c = [...state.c, Number(value)];
    draw();
  },
});

bind("sigma", {
  value: state.sigma,
  text: (it) => (10 ** it).toPrecision(2),
  onChange: (it) => (state.sigma = Number(it), draw()),
});
byId("clear").addEventListener("click", () => {
  Object.assign(state, {
    x: initial.x,
    y: initial.y,
    c: initial.c,
    rx: initial.rx,
    ry: initial.ry,
  });
  draw();
});
draw();
