/** The network in the reader's own browser, and what its detectors think of any picture. */
import * as Plot from "@observablehq/plot";
import { CIFAR100_CLASSES } from "../../lib/data/cifar100_classes.ts";
import { parseSafetensors } from "../../lib/data/safetensors.ts";
import {
  energy,
  generalizedEntropy,
  maximumLogit,
  maximumSoftmaxProbability,
} from "../../lib/detectors/mod.ts";
import { colors } from "../../lib/figures/theme.ts";
import { row, scaled } from "../../lib/linear_algebra/mod.ts";
import { thresholdKeeping } from "../../lib/metrics/decision_report.ts";
import { countOf, wilsonInterval } from "../../lib/metrics/proportion.ts";
import { probabilitiesOf } from "../../lib/models/inference/predictive.ts";
import type { ResNet18 } from "../../lib/resnet/resnet.ts";
import { type BrowserBackend, startDevice } from "../../lib/tensorflow/browser_device.ts";
import { bind, byId } from "./controls.ts";
import { figure, show } from "./figure.ts";
import { type Answer, ask, fetchKept, forget, networkOf } from "./network.ts";
import { samples } from "./samples.ts";
import { keepState, readState } from "./state.ts";
import { type Picture, thumbnail } from "./thumbnail.ts";

const LARGEST = 4096; // pixels a side that a picture is read at

const detectors = [maximumSoftmaxProbability(), maximumLogit(), energy(), generalizedEntropy()];
const initial = { detector: "Energy", keep: 0.95, sample: "", backend: "" };
const state = readState(initial), keep = keepState(initial);
if (!detectors.some(({ name }) => name === state.detector)) state.detector = initial.detector;

const drawing = byId<HTMLCanvasElement>("drawing");
const paper = drawing.getContext("2d", { willReadFrequently: true })!;
let network: ResNet18, temperature = 1, scores: ReturnType<typeof parseSafetensors>["tensors"];
let last: Answer | undefined;

async function start(): Promise<void> {
  const say = (text: string) => byId("loading").textContent = text;
  byId("trouble").textContent = "";
  try {
    const only = state.backend ? [state.backend as BrowserBackend] : undefined;
    const backend = await startDevice({ only, wasm: "wasm/" });
    say("Loading the network's weights, 22 MB; they are kept for the next time …");
    const bar = byId<HTMLProgressElement>("progress");
    const bytes = await fetchKept("weights.safetensors", (share) => bar.value = share);
    const file = await fetchKept("scores.safetensors", () => {});
    try {
      network = networkOf(bytes, "weights.safetensors");
      const parsed = parseSafetensors(file, { name: "scores.safetensors" });
      scores = parsed.tensors;
      temperature = Number(parsed.metadata.temperature);
    } catch (error) {
      await Promise.all(["weights.safetensors", "scores.safetensors"].map(forget));
      throw error;
    }
    await ask(network, new Uint8Array(3072)); // compiles what the first picture needs
    say(`The network runs here, on ${backend}.`);
    bar.hidden = true;
    byId("ask").hidden = false;
    wipe();
    const sample = samples.find(({ name }) => name === state.sample);
    if (sample) await take(sample);
  } catch (error) {
    say(
      `The network could not be started: ${
        (error as Error).message
      }. Reload the page to try again.`,
    );
    const again = document.createElement("button");
    again.textContent = "Try again";
    again.addEventListener("click", start, { once: true });
    byId("loading").append(" ", again);
  }
}

/** Asks the network about `picture` and shows all that follows. */
async function show32(picture: Picture): Promise<void> {
  const pixels = thumbnail(picture);
  const seen = byId<HTMLCanvasElement>("seen").getContext("2d")!,
    image = seen.createImageData(32, 32);
  for (let i = 0; i < 1024; i++) image.data.set([...pixels.subarray(3 * i, 3 * i + 3), 255], 4 * i);
  seen.putImageData(image, 0, 0);
  last = await ask(network, pixels);
  Object.assign(globalThis, { lastAnswer: { logits: Array.from(last.logits.data) } });
  byId("answer").hidden = false;
  tellClasses(last);
  decide();
}

function tellClasses({ logits, milliseconds }: Answer): void {
  const probabilities = row(probabilitiesOf(scaled(logits, 1 / temperature)), 0);
  const order = Array.from(probabilities.keys()).sort((a, b) =>
    probabilities[b] - probabilities[a]
  );
  byId("classes").replaceChildren(
    ...order.slice(0, 5).map((k) => {
      const line = document.createElement("tr");
      const name = document.createElement("th"), value = document.createElement("td");
      name.scope = "row";
      name.textContent = CIFAR100_CLASSES[k].replaceAll("_", " ");
      value.className = "number";
      value.textContent = percent(probabilities[k]);
      line.append(name, value);
      return line;
    }),
  );
  byId("took").textContent = `Calibrated by temperature scaling. From pixels to logits in ${
    milliseconds.toFixed(0)
  } ms.`;
}

/** Where the last answer stands among the validation images, by every detector. */
function decide(): void {
  if (!last) return;
  const answers = detectors.map(({ name, score }) => {
    const validation = Float64Array.from(scores.get(`${name}/validation`)!.values as Float32Array);
    const [value] = score(last!);
    const below = validation.reduce((n, s) => n + Number(s < value), 0) / validation.length;
    return {
      name,
      percentile: below,
      accepted: value >= thresholdKeeping(validation, { keep: state.keep }),
    };
  });
  const chosen = answers.find(({ name }) => name === state.detector)!;
  const objecting = answers.filter(({ accepted }) => !accepted).map(({ name }) => name);
  byId("verdict").textContent = `${
    chosen.accepted
      ? "It keeps the picture"
      : "It turns the picture away: it has seen few images like it"
  }. ${objecting.length} of ${answers.length} detectors object${
    objecting.length === 0 ? "" : `: ${objecting.join(", ")}`
  }.`;
  show(
    byId("percentiles"),
    figure(
      {
        height: 40 + 34 * answers.length,
        marginLeft: 210,
        x: { domain: [0, 100], label: "percentile among CIFAR-100 test images" },
        y: { label: null, domain: answers.map(({ name }) => name) },
        marks: [
          Plot.barX(answers, {
            x: (it) => 100 * it.percentile,
            y: "name",
            fill: (it) => it.accepted ? colors.blue : colors.vermilion,
            fillOpacity: (it) => it.name === state.detector ? 1 : 0.55,
          }),
          Plot.ruleX([100 * (1 - state.keep)], { strokeDasharray: "4 3" }),
          Plot.ruleX([0]),
        ],
      },
      answers.map(({ name, percentile, accepted }) =>
        `${name}: percentile ${(100 * percentile).toFixed(0)}, ${accepted ? "kept" : "turned away"}`
      ).join("; "),
    ),
  );
  tellRates();
  keep(state);
}

/** What the chosen detector and share do to the committed images. */
function tellRates(): void {
  const of = (set: string) =>
    Float64Array.from(scores.get(`${state.detector}/${set}`)!.values as Float32Array);
  const threshold = thresholdKeeping(of("validation"), { keep: state.keep });
  const correct = scores.get("correct")!.values as Uint8Array, test = of("test");
  const kept = test.reduce((n, s) => n + Number(s >= threshold), 0);
  const right = test.reduce((n, s, i) => n + Number(s >= threshold && correct[i]), 0);
  const away = (set: string) => {
    const all = of(set);
    return share(all.reduce((n, s) => n + Number(s < threshold), 0), all.length);
  };
  const rows = [
    ["CIFAR-100 kept", share(kept, test.length)],
    ["of these right", kept > 0 ? share(right, kept) : "none is kept"],
    ["CIFAR-10 turned away", away("cifar10")],
    ["SVHN turned away", away("svhn")],
  ];
  byId("rates").replaceChildren(...rows.map(([name, value]) => {
    const line = document.createElement("tr"), head = document.createElement("th");
    head.scope = "row";
    head.textContent = name;
    const cell = document.createElement("td");
    cell.textContent = value;
    line.append(head, cell);
    return line;
  }));
}

function share(count: number, trials: number): string {
  const { low, high } = wilsonInterval(countOf(count / trials, trials));
  return `${percent(count / trials)} [${percent(low)}, ${percent(high)}]`;
}

const percent = (it: number) => `${(100 * it).toFixed(1)}%`;

/** Reads a file that was chosen, dropped or pasted. */
async function read(file: Blob): Promise<void> {
  const kind = file.type || "unknown kind";
  try {
    byId("trouble").textContent = "";
    const picture = await pictureOf(file);
    paper.fillStyle = "white";
    paper.fillRect(0, 0, 256, 256);
    const side = Math.min(picture.width, picture.height);
    const bitmap = await createImageBitmap(
      new ImageData(
        new Uint8ClampedArray(picture.data as Uint8ClampedArray),
        picture.width,
        picture.height,
      ),
    );
    paper.drawImage(
      bitmap,
      (picture.width - side) / 2,
      (picture.height - side) / 2,
      side,
      side,
      0,
      0,
      256,
      256,
    );
    await show32(picture);
  } catch (error) {
    byId("trouble").textContent =
      `This file (${kind}) is no picture that the browser can read: ${(error as Error).message}. ` +
      "Give a JPEG, PNG, WebP, GIF or SVG.";
  }
}

async function pictureOf(file: Blob): Promise<Picture> {
  const image = new Image(), url = URL.createObjectURL(file);
  try {
    image.src = url;
    await image.decode().catch(() => {
      throw new Error("it cannot be decoded");
    });
    const [w, h] = [image.naturalWidth || 256, image.naturalHeight || 256];
    const scale = Math.min(1, LARGEST / Math.max(w, h));
    const canvas = new OffscreenCanvas(
      Math.max(1, Math.round(w * scale)),
      Math.max(1, Math.round(h * scale)),
    );
    const context = canvas.getContext("2d")!;
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return context.getImageData(0, 0, canvas.width, canvas.height);
  } finally {
    URL.revokeObjectURL(url);
  }
}

async function take(sample: (typeof samples)[number]): Promise<void> {
  paper.reset();
  sample.draw(paper);
  state.sample = sample.name;
  await show32(paper.getImageData(0, 0, 256, 256));
}

function wipe(): void {
  paper.reset();
  paper.fillStyle = "white";
  paper.fillRect(0, 0, 256, 256);
}

byId("samples").append(...samples.map((sample) => {
  const button = document.createElement("button"), canvas = document.createElement("canvas");
  button.type = "button";
  canvas.width = canvas.height = 256;
  sample.draw(canvas.getContext("2d")!);
  const name = document.createElement("span");
  name.textContent = sample.name;
  button.append(canvas, name);
  button.addEventListener("click", () => take(sample));
  return button;
}));

let pen: [number, number] | undefined;
const at = (event: PointerEvent): [number, number] => {
  const { left, top, width } = drawing.getBoundingClientRect();
  return [(event.clientX - left) * 256 / width, (event.clientY - top) * 256 / width];
};
drawing.addEventListener("pointerdown", (event) => {
  pen = at(event);
  drawing.setPointerCapture(event.pointerId);
});
drawing.addEventListener("pointermove", (event) => {
  if (!pen) return;
  const to = at(event);
  paper.strokeStyle = "#1a1a1a";
  paper.lineWidth = 14;
  paper.lineCap = "round";
  paper.beginPath();
  paper.moveTo(...pen);
  paper.lineTo(...to);
  paper.stroke();
  pen = to;
});
drawing.addEventListener("pointerup", () => {
  pen = undefined;
  state.sample = "";
  show32(paper.getImageData(0, 0, 256, 256));
});
byId("wipe").addEventListener("click", wipe);
byId<HTMLInputElement>("file").addEventListener("change", ({ target }) => {
  const [file] = (target as HTMLInputElement).files ?? [];
  if (file) read(file);
});
addEventListener("paste", ({ clipboardData }) => {
  const [file] = clipboardData?.files ?? [];
  if (file) read(file);
});
const drop = byId("drop");
drop.addEventListener("dragover", (event) => event.preventDefault());
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  const [file] = event.dataTransfer?.files ?? [];
  if (file) read(file);
});

const video = byId<HTMLVideoElement>("video");
byId("film").addEventListener("click", async ({ target }) => {
  const button = target as HTMLButtonElement;
  if (!video.hidden) return stopFilming(button);
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({
      video: { width: 320, height: 320 },
    });
  } catch (error) {
    byId("trouble").textContent = `The camera cannot be used: ${(error as Error).message}.`;
    return;
  }
  video.hidden = false;
  button.textContent = "stop the camera";
  await video.play();
  while (!video.hidden) {
    const [w, h] = [video.videoWidth, video.videoHeight], side = Math.min(w, h);
    paper.drawImage(video, (w - side) / 2, (h - side) / 2, side, side, 0, 0, 256, 256);
    await show32(paper.getImageData(0, 0, 256, 256));
    await new Promise(requestAnimationFrame);
  }
});

function stopFilming(button: HTMLButtonElement): void {
  (video.srcObject as MediaStream).getTracks().forEach((track) => track.stop());
  video.hidden = true;
  button.textContent = "use the camera";
}

byId("detector").append(...detectors.map(({ name }) => new Option(name, name)));
bind("detector", { value: state.detector, onChange: (it) => (state.detector = it, decide()) });
bind("keep", {
  value: state.keep,
  text: percent,
  onChange: (it) => (state.keep = Number(it), decide()),
});
await start();
