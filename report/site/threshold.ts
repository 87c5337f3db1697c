/** Two distributions of scores, one threshold, and every rate that follows from it. */
import * as Plot from "@observablehq/plot";
import { parseSafetensors } from "../../lib/data/safetensors.ts";
import { thresholdKeeping } from "../../lib/metrics/decision_report.ts";
import { detectionMetrics, rocCurve } from "../../lib/metrics/detection.ts";
import { countOf, wilsonInterval } from "../../lib/metrics/proportion.ts";
import { riskCoverage } from "../../lib/metrics/risk_coverage.ts";
import { colors } from "../../lib/figures/theme.ts";
import { bind, byId, handles, onNextFrame } from "./controls.ts";
import { figure, show } from "./figure.ts";
import { keepState, readState } from "./state.ts";

const bytes = new Uint8Array(await (await fetch("scores.safetensors")).arrayBuffer());
const { tensors } = parseSafetensors(bytes, { name: "scores.safetensors" });
const names = [...new Set([...tensors.keys()].flatMap((key) => key.split("/").slice(0, -1)))];
const correct = Array.from(tensors.get("correct")!.values as Uint8Array, Boolean);
const scoresOf = (set: string) =>
  Float64Array.from(tensors.get(`${state.detector}/${set}`)!.values as Float32Array);

const initial = { detector: "Energy", set: "svhn", keep: 0.95, prevalence: 0.5 };
const state = readState(initial), keep = keepState(initial);
if (!names.includes(state.detector)) state.detector = names[0];
if (!["cifar10", "svhn"].includes(state.set)) state.set = initial.set;
state.keep = Math.min(1, Math.max(0.005, state.keep));

/** What depends on detector and set alone. */
function compare() {
  const inside = scoresOf("test"), outside = scoresOf(state.set);
  const all = [...inside, ...outside].sort((a, b) => a - b),
    at = (p: number) => all[Math.round(p * (all.length - 1))];
  return {
    inside,
    outside,
    domain: [at(0.002), at(0.998)] as [number, number],
    roc: rocCurve(inside, outside),
    metrics: detectionMetrics(inside, outside),
    risks: riskCoverage(inside, correct),
  };
}
let pair = compare();

const draw = onNextFrame(() => {
  const { inside, outside, domain, roc, risks, metrics } = pair;
  const threshold = thresholdKeeping(inside, { keep: state.keep });
  const kept = inside.reduce((n, s) => n + Number(s >= threshold), 0);
  const away = outside.reduce((n, s) => n + Number(s < threshold), 0);
  const right = inside.reduce((n, s, i) => n + Number(s >= threshold && correct[i]), 0);
  drawScores(domain, threshold, { inside, outside });
  drawCurve("roc", {
    label: "ROC curve",
    x: ["in-distribution lost", thinned(roc.falsePositiveRate)],
    y: ["out of distribution turned away", thinned(roc.truePositiveRate)],
    point: [1 - kept / inside.length, away / outside.length],
    most: 1,
  });
  drawCurve("risk", {
    label: "Risk over coverage",
    x: ["share kept", thinned(risks.coverage)],
    y: ["share of the kept that is wrong", thinned(risks.risk)],
    point: [kept / inside.length, 1 - right / kept],
    most: 1.05 *
      risks.risk.slice(Math.ceil(risks.risk.length / 50)).reduce((a, b) => Math.max(a, b)),
  });
  const pi = state.prevalence, caught = pi * away / outside.length;
  const lost = (1 - pi) * (1 - kept / inside.length);
  const share = (count: number, trials: number) => {
    const { low, high } = wilsonInterval(countOf(count / trials, trials));
    return `${percent(count / trials)} [${percent(low)}, ${percent(high)}]`;
  };
  tell([
    ["In-distribution images kept", share(kept, inside.length)],
    ["Accuracy on those kept", share(right, kept)],
    ["Out-of-distribution images turned away", share(away, outside.length)],
    [
      "Of the images turned away, truly out of distribution",
      caught + lost > 0 ? percent(caught / (caught + lost)) : "none is turned away",
    ],
    ["AUROC", metrics.auroc.toFixed(3)],
    [
      "FPR95, out of distribution positive (in-distribution lost where 95% of the others are caught)",
      percent(metrics.fpr95OutPositive),
    ],
    [
      "FPR95, in-distribution positive (others let in where 95% of in-distribution are kept)",
      percent(metrics.fpr95InPositive),
    ],
  ]);
  keep(state);
});

function drawScores(
  domain: [number, number],
  threshold: number,
  { inside, outside }: { inside: Float64Array; outside: Float64Array },
): void {
  const [low, high] = domain;
  const histogram = (scores: Float64Array) => {
    const counts = new Float64Array(60);
    for (const s of scores) {
      counts[Math.min(59, Math.max(0, Math.floor(60 * (s - low) / (high - low))))] += 1 /
        scores.length;
    }
    return Array.from(counts, (share, b) => ({
      x1: low + b * (high - low) / 60,
      x2: low + (b + 1) * (high - low) / 60,
      share,
    }));
  };
  const bars = (scores: Float64Array, fill: string) =>
    Plot.rectY(histogram(scores), {
      x1: "x1",
      x2: "x2",
      y: "share",
      fill,
      fillOpacity: 0.45,
      inset: 0,
    });
  const drawn = figure({
    height: 330,
    x: { domain, label: `${state.detector}: score, larger for in-distribution` },
    y: { label: "share of images", grid: true },
    marks: [
      bars(inside, colors.blue),
      bars(outside, colors.vermilion),
      Plot.ruleX([threshold], { strokeWidth: 2.5 }),
      Plot.text([[threshold, 0]], {
        text: ["kept →"],
        frameAnchor: "top",
        textAnchor: "start",
        dx: 8,
        dy: 6,
        x: 0,
      }),
      Plot.text(["CIFAR-100 test"], {
        frameAnchor: "top-right",
        dy: -14,
        fill: colors.blue,
        fontWeight: "bold",
      }),
      Plot.text([state.set === "svhn" ? "SVHN" : "CIFAR-10"], {
        frameAnchor: "top-left",
        dy: -14,
        fill: colors.vermilion,
        fontWeight: "bold",
      }),
    ],
  }, `Histograms of the scores by ${state.detector}, the threshold at ${threshold.toPrecision(3)}`);
  stage.place(drawn, [[threshold, 0]]);
}

function drawCurve(
  id: string,
  { label, x, y, point, most }: {
    label: string;
    x: [string, ArrayLike<number>];
    y: [string, ArrayLike<number>];
    point: [number, number];
    most: number;
  },
): void {
  show(
    byId(id),
    figure({
      height: 420,
      x: { domain: [0, 1], label: x[0] },
      y: { domain: [0, most], label: y[0] },
      marks: [
        Plot.line(Array.from(x[1], (xi, i) => [xi, y[1][i]]), {
          stroke: colors.blue,
          strokeWidth: 2,
          clip: true,
        }),
        Plot.dot([point], { r: 7, fill: colors.vermilion, stroke: "white" }),
        Plot.frame(),
      ],
    }, `${label}; at your threshold ${point.map((it) => it.toFixed(3)).join(", ")}`),
  );
}

/** Some 400 of the entries, evenly spaced, with the first and the last. */
function thinned(values: Float64Array): Float64Array {
  const count = Math.min(400, values.length);
  return Float64Array.from(
    { length: count },
    (_, k) => values[Math.round(k * (values.length - 1) / (count - 1))],
  );
}

function tell(rows: [string, string][]): void {
  byId("rates").replaceChildren(...rows.map(([name, value]) => {
    const line = document.createElement("tr");
    line.append(...[["th", name], ["td", value]].map(([tag, text]) => {
      const cell = document.createElement(tag);
      cell.textContent = text;
      if (tag === "th") cell.setAttribute("scope", "row");
      return cell;
    }));
    return line;
  }));
}

const percent = (share: number) => `${(100 * share).toFixed(1)}%`;

const stage = handles(byId("scores"), {
  name: "Threshold",
  move(_, [x]) {
    const above = pair.inside.reduce((n, s) => n + Number(s >= x), 0) / pair.inside.length;
    state.keep = Math.min(1, Math.max(0.005, above));
    const slider = byId<HTMLInputElement>("keep");
    slider.value = String(state.keep);
    slider.dispatchEvent(new Event("input"));
  },
});

byId("detector").append(...names.map((name) => new Option(name, name)));
const again = () => {
  pair = compare();
  draw();
};
bind("detector", { value: state.detector, onChange: (it) => (state.detector = it, again()) });
bind("set", { value: state.set, onChange: (it) => (state.set = it, again()) });
bind("keep", {
  value: state.keep,
  text: percent,
  onChange: (it) => (state.keep = Math.max(0.005, Number(it)), draw()),
});
bind("prevalence", {
  value: state.prevalence,
  text: percent,
  onChange: (it) => (state.prevalence = Number(it), draw()),
});
draw();
