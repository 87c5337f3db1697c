import { matrix } from "../../lib/linear_algebra/mod.ts";
import * as models from "../../lib/models/mod.ts";
import { seeded } from "../../lib/random.ts";
import {
  type Argument,
  callback,
  type Entry,
  entry,
  finite,
  labelled,
  labels,
  made,
  matrixOf,
  numbers,
  object,
  options,
  positive,
  random,
  regressionData,
  share,
  whole,
  word,
} from "./kinds.ts";

const X = matrix([[0, 1], [1, 0.5], [2, 2], [3, 1]]), classes = Int32Array.of(0, 0, 1, 1);
const points = { X, labels: classes }, data = labelled(points), inputs = matrixOf("X", X);
const series = { x: [0, 1, 2, 3], y: [0.1, 0.9, 2.1, 2.9] };
const fixedX = matrixOf("X", X, { fixed: true });
const priorDeviation = positive("priorDeviation", 1);

const line = models.polynomial({ degree: 1 });
const basis: Argument = {
  valid: () => line,
  wrong: () =>
    Object.entries({
      "null": null,
      "a string": "line",
      "a function": line[0],
      "numbers": [1, 2],
      "nothing": [],
    }).map(([what, value]) => ({ what, value, says: "basis" })),
};
const kernel = models.squaredExponential({ variance: 1, length: 1 });
const draws = (name: string) =>
  options(name, { random: random(), samples: whole("samples", 3) }, { needed: ["random"] });

const network = {
  random: random(),
  hidden: numbers("hidden", [3]),
  classes: whole("classes", 2, { least: 2 }),
  priorDeviation,
  epochs: whole("epochs", 1),
  batchSize: whole("batchSize", 2),
  optimizer: callback("optimizer", () => models.adam()),
};
const dropout = share("dropout", 0.2);
const estimator = word("estimator", "local");
const variational = { ...network, estimator, initialDeviation: positive("initialDeviation", 0.1) };
const { hidden: _, ...linearVariational } = variational;

const regression = models.fitBayesianLinearRegression(series, { basis: line, alpha: 1, beta: 1 });
const process = models.fitGaussianProcess(series, { kernel, beta: 1 });
const mode = models.fitLogisticRegression(points, { priorDeviation: 1 });
const laplace = models.fitLaplaceApproximation(points, { model: mode, priorDeviation: 1 });
const exact = models.fitExactPosterior(points, { priorDeviation: 1 });
const fitted = models.fitNetwork(points, { random: seeded(1), epochs: 1, hidden: [3] });
const dropped = models.fitDropoutNetwork(points, { random: seeded(1), epochs: 1, hidden: [3] });
const ensemble = models.fitDeepEnsemble(points, { random: seeded(1), epochs: 1, members: 2 });
const field = models.fitVariationalNetwork(points, { random: seeded(1), epochs: 1, hidden: [3] });
const layer = new models.LinearVariational({
  mean: [1, 2, 3],
  deviation: 1,
  inputs: 2,
  outputs: 1,
});
const variationalMode = new models.VariationalLogisticRegression(layer, { priorDeviation: 1 });
const processClassifier = models.fitGaussianProcessClassifier(points, { kernel });
const asNetwork = object("network", {
  sizes: numbers("sizes", [2, 3, 1]),
  theta: numbers("theta", fitted.theta, { fixed: true }),
});
const theta = numbers("theta", [1, 2, 3], { fixed: true });
const kept = {
  sizes: [2, 3, 1],
  priorDeviation: 1,
  train: points,
  chains: [0, 1].map((c) => ({
    rows: 6,
    columns: 13,
    data: new Float64Array(78).map((_, i) => Math.sin(i * i + c)),
  })),
  description: {},
};
const posteriorDraws = object("draws", {
  sizes: numbers("sizes", kept.sizes),
  priorDeviation,
  train: labelled(points),
  chains: {
    valid: () => kept.chains,
    wrong: () => [{ what: "null", value: null, says: "chains" }],
  },
  description: { valid: () => ({ data: "four points" }), wrong: () => [] },
});
const twoMoons = new URL("../../data/two-moons-posterior.safetensors", import.meta.url).pathname;
const density = (theta: Float64Array) => ({
  value: -theta.reduce((sum, t) => sum + t * t, 0) / 2,
  gradient: theta.map((t) => -t),
});

const forCalibration = {
  logits: matrix([[2], [2], [2], [-1]]),
  labels: Int32Array.of(0, 1, 1, 0),
};
const validation = object("validation", {
  logits: matrixOf("logits", forCalibration.logits),
  labels: labels(forCalibration.labels),
});

export const modelsTable: Record<string, Entry> = {
  // inference
  priorDeviationOf: entry(
    models.priorDeviationOf,
    options("priorDeviationOf()", {
      weightDecay: positive("weightDecay", 0.1),
      points: whole("points", 10),
    }, { needed: ["weightDecay", "points"] }),
  ),
  logLikelihood: entry(models.logLikelihood, matrixOf("logits", X), labels(classes)),
  fitLaplaceApproximation: entry(
    models.fitLaplaceApproximation,
    data,
    options("fitLaplaceApproximation()", {
      model: made("model", () => mode),
      priorDeviation,
      structure: word("structure", "diagonal"),
    }, { needed: ["model", "priorDeviation"] }),
  ),
  "fitLaplaceApproximation().predict": entry(
    laplace.predict.bind(laplace),
    fixedX,
    options("predict()", {
      method: word("method", "sampling"),
      random: random(),
      samples: whole("samples", 3),
    }, {
      needed: ["method", "random"],
    }),
  ),
  "fitLaplaceApproximation().sample": entry(laplace.sample.bind(laplace), draws("sample()")),
  "fitLaplaceApproximation().logits": entry(laplace.logits.bind(laplace), fixedX),
  "fitLaplaceApproximation().logDensity": entry(laplace.logDensity.bind(laplace), theta),
  "fitLaplaceApproximation().withPrior": entry(laplace.withPrior.bind(laplace), priorDeviation),
  probabilitiesOf: entry(models.probabilitiesOf, matrixOf("logits", X)),
  expectedSigmoid: entry(
    models.expectedSigmoid,
    finite("mean", 1),
    positive("variance", 1, { orZero: true }),
  ),
  normalCdf: entry(models.normalCdf, {
    ...finite("z", 1), // at ±∞ it has values
    wrong: () => finite("z", 1).wrong().filter(({ what }) => !what.includes("∞")),
  }),
  TemperatureScaling: entry(models.TemperatureScaling.fit, validation),
  "TemperatureScaling.calibrate": entry(
    (logits) => models.TemperatureScaling.fit(forCalibration).calibrate(logits),
    matrixOf("logits", forCalibration.logits),
  ),
  VectorScaling: entry(
    models.VectorScaling.fit,
    validation,
    options("VectorScaling.fit()", { priorDeviation }),
  ),
  "VectorScaling.calibrate": entry(
    (logits) => models.VectorScaling.fit(forCalibration).calibrate(logits),
    matrixOf("logits", forCalibration.logits),
  ),
  IsotonicCalibration: entry(models.IsotonicCalibration.fit, validation),
  "IsotonicCalibration.calibrate": entry(
    (logits) => models.IsotonicCalibration.fit(forCalibration).calibrate(logits),
    matrixOf("logits", forCalibration.logits),
  ),
  // regression
  designMatrix: entry(models.designMatrix, basis, numbers("x", series.x)),
  evenlySpaced: entry(
    models.evenlySpaced,
    finite("low", 0),
    finite("high", 1),
    whole("count", 3, { least: 2 }),
  ),
  polynomial: entry(
    models.polynomial,
    options("polynomial()", { degree: whole("degree", 2, { least: 0 }) }, { needed: ["degree"] }),
  ),
  gaussian: entry(
    models.gaussian,
    options("gaussian()", { centres: numbers("centres", [0, 1]), width: positive("width", 1) }, {
      needed: ["centres", "width"],
    }),
  ),
  fourier: entry(
    models.fourier,
    options("fourier()", { period: positive("period", 1), harmonics: whole("harmonics", 2) }, {
      needed: ["period", "harmonics"],
    }),
  ),
  scaleBasis: entry(models.scaleBasis, basis, positive("scale", 2)),
  fitBayesianLinearRegression: entry(
    models.fitBayesianLinearRegression,
    regressionData(series),
    options("Bayesian linear regression", {
      basis,
      alpha: positive("alpha", 1, { orZero: true }),
      beta: positive("beta", 1),
    }, { needed: ["basis", "alpha", "beta"] }),
  ),
  BayesianLinearRegression: entry(
    (given) => new models.BayesianLinearRegression(given),
    options("Bayesian linear regression", {
      basis,
      alpha: positive("alpha", 1, { orZero: true }),
      beta: positive("beta", 1),
    }, {
      needed: ["basis", "alpha", "beta"],
    }),
  ),
  "BayesianLinearRegression.update": entry(
    regression.update.bind(regression),
    regressionData(series),
  ),
  "BayesianLinearRegression.predict": entry(
    regression.predict.bind(regression),
    numbers("x", series.x),
  ),
  "BayesianLinearRegression.sample": entry(regression.sample.bind(regression), draws("sample()")),
  "BayesianLinearRegression.sampleFunctions": entry(
    regression.sampleFunctions.bind(regression),
    numbers("x", series.x),
    draws("sample"),
  ),
  maximizeEvidence: entry(
    models.maximizeEvidence,
    regressionData(series),
    options("maximizeEvidence()", { basis }, { needed: ["basis"] }),
  ),
  fitGaussianProcess: entry(
    models.fitGaussianProcess,
    regressionData(series),
    options("fitGaussianProcess()", {
      kernel: callback("kernel", kernel),
      beta: positive("beta", 1),
    }, { needed: ["kernel", "beta"] }),
  ),
  "fitGaussianProcess().predict": entry(process.predict.bind(process), numbers("x", series.x)),
  squaredExponential: entry(
    models.squaredExponential,
    options("squaredExponential()", {
      variance: positive("variance", 1),
      length: positive("length", 1),
    }, { needed: ["variance", "length"] }),
  ),
  limitOfGaussianBasis: entry(
    models.limitOfGaussianBasis,
    options("limitOfGaussianBasis()", {
      width: positive("width", 1),
      spacing: positive("spacing", 1),
      alpha: positive("alpha", 1),
    }, { needed: ["width", "spacing", "alpha"] }),
  ),
  // perceptron
  initialParameters: entry(models.initialParameters, numbers("sizes", [2, 3, 1]), random()),
  fitNetwork: entry(
    models.fitNetwork,
    data,
    options("fitNetwork()", { ...network, dropout }, { needed: ["random"] }),
  ),
  "fitNetwork().predict": entry(fitted.predict, fixedX),
  logPosterior: entry(
    models.logPosterior,
    asNetwork,
    labelled(points, { fixed: true }),
    options("logPosterior()", { priorDeviation }),
  ),
  withoutBiases: entry(models.withoutBiases, asNetwork),
  adam: entry(
    models.adam,
    options("adam()", {
      learningRate: positive("learningRate", 0.1),
      beta1: share("beta1", 0.9),
      beta2: share("beta2", 0.9),
      epsilon: positive("epsilon", 1e-8, { orZero: true }),
    }),
  ),
  heavyBall: entry(
    models.heavyBall,
    options("heavyBall()", {
      learningRate: positive("learningRate", 0.1),
      momentum: share("momentum", 0.9),
    }),
  ),
  fitDeepEnsemble: entry(
    models.fitDeepEnsemble,
    data,
    options("fitDeepEnsemble()", { ...network, dropout, members: whole("members", 2) }, {
      needed: ["random"],
    }),
  ),
  "fitDeepEnsemble().predict": entry(ensemble.predict, fixedX),
  fitDropoutNetwork: entry(
    models.fitDropoutNetwork,
    data,
    options("fitDropoutNetwork()", { ...network, dropout }, { needed: ["random"] }),
  ),
  "fitDropoutNetwork().predict": entry(dropped.predict, fixedX, draws("predict()")),
  predictStochastic: entry(
    models.predictStochastic,
    callback("network", (inputs: typeof X) => ({ ...inputs, data: inputs.data.slice() })),
    inputs,
    options("predictStochastic()", { samples: whole("samples", 3) }),
  ),
  predictWithDropout: entry(
    models.predictWithDropout,
    asNetwork,
    fixedX,
    options("predictWithDropout()", { dropout, random: random(), samples: whole("samples", 3) }, {
      needed: ["random", "dropout"],
    }),
  ),
  allLayers: entry(models.allLayers, asNetwork),
  lastLayer: entry(models.lastLayer, asNetwork),
  "lastLayer().logits": entry(models.lastLayer(fitted).logits, fixedX),
  LinearVariational: entry(
    (given) => new models.LinearVariational(given),
    options("LinearVariational", {
      mean: numbers("mean", [1, 2, 3], { fixed: true }),
      deviation: {
        ...numbers("deviation", [1, 2, 3], { fixed: true }), // or one number for all
        wrong: () => [
          ...numbers("deviation", [1, 2, 3], { fixed: true }).wrong().filter(({ what }) =>
            what !== "a number"
          ),
          { what: "0", value: 0, says: "deviation" },
        ],
      },
      inputs: whole("inputs", 2),
      outputs: whole("outputs", 1),
    }, { needed: ["mean", "deviation", "inputs", "outputs"] }),
  ),
  "LinearVariational.logDensity": entry(layer.logDensity.bind(layer), theta),
  "LinearVariational.sample": entry(layer.sample.bind(layer), draws("sample()")),
  "LinearVariational.activations": entry(layer.activations.bind(layer), fixedX),
  "LinearVariational.forward": entry(
    layer.forward.bind(layer),
    fixedX,
    options("forward()", { random: random(), estimator }, { needed: ["random"] }),
  ),
  "LinearVariational.divergence": entry(layer.divergence.bind(layer), priorDeviation),
  fitVariationalNetwork: entry(
    models.fitVariationalNetwork,
    data,
    options("fitVariationalNetwork()", variational, { needed: ["random"] }),
  ),
  "fitVariationalNetwork().predict": entry(field.predict, fixedX, draws("sample()")),
  "fitVariationalNetwork().sample": entry(field.sample, draws("sample()")),
  // logistic
  fitLogisticRegression: entry(
    models.fitLogisticRegression,
    data,
    options("fitLogisticRegression()", {
      classes: whole("classes", 2, { least: 2 }),
      priorDeviation: {
        ...priorDeviation,
        wrong: () => priorDeviation.wrong().filter(({ what }) => what !== "∞"), // maximum likelihood
      },
    }),
  ),
  fitLogisticRegressionBySgd: entry(
    models.fitLogisticRegressionBySgd,
    data,
    options("fitLogisticRegressionBySgd()", {
      random: random(),
      classes: whole("classes", 2, { least: 2 }),
      weightDecay: positive("weightDecay", 0.1),
      learningRate: positive("learningRate", 0.1),
      momentum: share("momentum", 0.9),
      epochs: whole("epochs", 1),
      batchSize: whole("batchSize", 2),
    }, { needed: ["random"] }),
  ),
  LogisticRegression: entry(
    (theta, given) => new models.LogisticRegression(theta, given),
    numbers("theta", Float64Array.of(1, 2, 3)),
    options("LogisticRegression", {
      inputs: whole("inputs", 2),
      classes: whole("classes", 2, { least: 2 }),
    }, { needed: ["inputs", "classes"] }),
  ),
  "LogisticRegression.logits": entry(mode.logits.bind(mode), fixedX),
  "LogisticRegression.jacobian": entry(mode.jacobian.bind(mode), fixedX),
  "LogisticRegression.predict": entry(mode.predict.bind(mode), fixedX),
  fitExactPosterior: entry(
    models.fitExactPosterior,
    data,
    options("fitExactPosterior()", { priorDeviation, step: share("step", 0.5) }, {
      needed: ["priorDeviation"],
    }),
  ),
  "fitExactPosterior().predict": entry(exact.predict, fixedX),
  "fitExactPosterior().marginal": entry(
    exact.marginal,
    numbers("coefficients", [1, 0, 0], { fixed: true }),
  ),
  totalVariationFromDensity: entry(
    models.totalVariationFromDensity,
    made("posterior", () => exact),
    callback("logDensity", (theta: Float64Array) => laplace.logDensity(theta)),
  ),
  expectedSigmoidUnder: entry(
    models.expectedSigmoidUnder,
    made("marginal", () => exact.marginal([1, 0, 0])),
  ),
  expectedLogLikelihood: entry(
    models.expectedLogLikelihood,
    made("layer", () => layer),
    labelled(points, { fixed: true }),
  ),
  fitVariationalLogisticRegression: entry(
    models.fitVariationalLogisticRegression,
    data,
    options("fitVariationalLogisticRegression()", linearVariational, { needed: ["random"] }),
  ),
  fitVariationalLogisticRegressionByQuadrature: entry(
    models.fitVariationalLogisticRegressionByQuadrature,
    data,
    options("fitVariationalLogisticRegressionByQuadrature()", { priorDeviation }),
  ),
  VariationalLogisticRegression: entry(
    (layer, given) => new models.VariationalLogisticRegression(layer, given),
    made("layer", () => layer),
    options("VariationalLogisticRegression", { priorDeviation }, { needed: ["priorDeviation"] }),
  ),
  "VariationalLogisticRegression.predict": entry(
    variationalMode.predict.bind(variationalMode),
    fixedX,
    options("predict()", { random: random(), samples: whole("samples", 3) }, {
      needed: ["random"],
    }),
  ),
  fitGaussianProcessClassifier: entry(
    models.fitGaussianProcessClassifier,
    data,
    options("fitGaussianProcessClassifier()", { kernel: callback("kernel", kernel) }, {
      needed: ["kernel"],
    }),
  ),
  "fitGaussianProcessClassifier().predict": entry(
    processClassifier.predict.bind(processClassifier),
    fixedX,
  ),
  // sampling
  sampleNuts: entry(
    models.sampleNuts,
    callback("logDensity", density),
    options("sampleNuts()", {
      start: numbers("start", new Float64Array(2)),
      random: random(),
      warmup: whole("warmup", 20, { least: 20 }),
      samples: whole("samples", 2),
      targetAcceptance: share("targetAcceptance", 0.8),
      maximumDepth: whole("maximumDepth", 3),
      onTransition: callback("onTransition", () => {}),
    }, { needed: ["start", "random"] }),
  ),
  withPredictions: entry(models.withPredictions, posteriorDraws),
  "withPredictions().predict": entry(models.withPredictions(kept).predict, fixedX),
  "withPredictions().convergence": entry(models.withPredictions(kept).convergence, fixedX),
  writePosteriorDraws: entry(async (draws) => {
    const file = await Deno.makeTempFile();
    await models.writePosteriorDraws(file, draws).finally(() => Deno.remove(file));
  }, posteriorDraws),
  readPosteriorDraws: entry(() => models.readPosteriorDraws(twoMoons)),
  readTwoMoonsPosterior: entry(models.readTwoMoonsPosterior),
};
