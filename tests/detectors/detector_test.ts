import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as detectors from "../../lib/detectors/mod.ts";
import { type Detector, MissingInputError, NotFittedError } from "../../lib/detectors/mod.ts";
import { projectedNorms } from "../../lib/detectors/projection.ts";
import { residualSpace } from "../../lib/detectors/residual.ts";
import {
  columnRange,
  type Matrix,
  matrix,
  multiply,
  row,
  rowNorms,
  rowRange,
  scaled,
} from "../../lib/linear_algebra/mod.ts";
import { featureStatistics } from "../../lib/metrics/feature_statistics.ts";
import "../../lib/native.ts";
import { normals, seeded } from "../../lib/random.ts";

const C = 3, D = 8, random = seeded(1);
const normalMatrix = (rows: number, columns: number, mean = 0): Matrix => ({
  rows,
  columns,
  data: normals(random, rows * columns, { mean }),
});
const lastLayer = { weights: normalMatrix(C, D), bias: normals(random, C) };
const other = { weights: normalMatrix(C, D), bias: normals(random, C) };
const outputs = (features: Matrix) => ({
  features,
  logits: multiply(features, lastLayer.weights, { transposeB: true }),
});
const labels = Array.from({ length: 60 }, (_, i) => i % C);
const training = { ...outputs(normalMatrix(60, D, 1)), labels, lastLayer };
const images = outputs(normalMatrix(600, D)); // more than are scored at a time

/** Every detector by the inputs that it scores. */
const makers: Record<string, { needs: "features" | "logits" | "both"; make: () => Detector }> = {
  maximumSoftmaxProbability: { needs: "logits", make: detectors.maximumSoftmaxProbability },
  maximumLogit: { needs: "logits", make: detectors.maximumLogit },
  energy: { needs: "logits", make: detectors.energy },
  generalizedEntropy: { needs: "logits", make: detectors.generalizedEntropy },
  klMatching: { needs: "logits", make: detectors.klMatching },
  classMeanCosine: { needs: "features", make: detectors.classMeanCosine },
  mahalanobis: { needs: "features", make: detectors.mahalanobis },
  relativeMahalanobis: { needs: "features", make: detectors.relativeMahalanobis },
  nearestNeighbours: { needs: "features", make: detectors.nearestNeighbours },
  neco: { needs: "features", make: () => detectors.neco({ dimension: 3 }) },
  react: { needs: "features", make: detectors.react },
  residual: { needs: "features", make: detectors.residual },
  vim: { needs: "both", make: detectors.vim },
};
const ready = ["maximumSoftmaxProbability", "maximumLogit", "energy", "generalizedEntropy"];

Deno.test("this file knows every detector of the module", () => {
  const known = new Set(Object.keys(makers));
  const exported = Object.entries(detectors).filter(([, value]) => !/Error$/.test(value.name));
  assertEquals(new Set(exported.map(([name]) => name)), known);
});

for (const [name, { needs, make }] of Object.entries(makers)) {
  const parts = needs === "both" ? ["features", "logits"] as const : [needs] as const;

  Deno.test(`${name}() scores an image alike alone and among others`, () => {
    const detector = make().fit(training), scores = detector.score(images);
    assertEquals(scores.length, images.features.rows);
    for (const i of [0, 599]) {
      const one = outputs(matrix([row(images.features, i)]));
      assertAlmostEquals(detector.score(one)[0], scores[i], 1e-9);
    }
    assert(scores.every(Number.isFinite));
  });

  Deno.test(`${name}() is fitted without a change to it or to what it was fitted before`, () => {
    const detector = make(), fitted = detector.fit(training), scores = fitted.score(images);
    detector.fit({ ...outputs(normalMatrix(60, D, 5)), labels, lastLayer: other });
    assertEquals(fitted.score(images), scores);
    assert(Object.isFrozen(detector) && Object.isFrozen(fitted));
  });

  Deno.test(`${name}() takes float32 as the same numbers in float64`, () => {
    const to = (array: typeof Float32Array | typeof Float64Array, A: Matrix) =>
      ({ ...A, data: array.from(Float32Array.from(A.data)) }) as Matrix;
    const scores = [Float32Array, Float64Array].map((array) => {
      const as = ({ features, logits }: typeof images) => ({
        features: to(array, features),
        logits: to(array, logits),
      });
      return make().fit({ ...training, ...as(training) }).score(as(images));
    });
    assertEquals(scores[0], scores[1]);
  });

  Deno.test(`${name}() names what is wrong with its input`, () => {
    const unfitted = make();
    // @ts-expect-error: an unfitted detector has no score(), and without types it says so.
    const score = () => unfitted.score(images);
    if (ready.includes(name)) score();
    else assertThrows(score, NotFittedError, "has not seen training images");
    const detector = make().fit(training);
    for (const part of parts) {
      assertThrows(() => detector.score({ ...images, [part]: undefined }), MissingInputError, part);
      const values = images[part];
      for (const wrong of [NaN, Infinity, -Infinity]) {
        for (const column of [0, values.columns - 1]) {
          const broken = values.data.slice();
          broken[550 * values.columns + column] = wrong;
          assertThrows(
            () => detector.score({ ...images, [part]: { ...values, data: broken } }),
            RangeError,
            `The ${part} of image 550 have the entry ${wrong}:`,
          );
        }
      }
      const withData = (data: unknown) => ({ ...images, [part]: { ...values, data } });
      assertThrows(
        () => detector.score(withData([...values.data])),
        TypeError,
        `${part}: the entries are given by rows in a Float64Array or Float32Array as data, got Array`,
      );
      assertThrows(
        () => detector.score(withData(values.data.subarray(1))),
        RangeError,
        `600 × ${values.columns} entries are promised, data has ${values.data.length - 1}`,
      );
      const fewer = rowRange(values, 0, 599);
      assertThrows(() => detector.score({ ...images, [part]: fewer }), RangeError, "599");
      if (ready.includes(name)) continue;
      assertThrows(
        () => detector.score({ ...images, [part]: columnRange(values, 0, values.columns - 1) }),
        RangeError,
        `fitted with ${values.columns} ${part}`,
      );
      assertThrows(() => make().fit({}), MissingInputError);
    }
  });
}

Deno.test("score() names an entry that is not finite where OpenBLAS computes, too", () => {
  const D = 96, C = 64;
  const draw = (N: number) => ({ features: normalMatrix(N, D), logits: normalMatrix(N, C) });
  const labels = Array.from({ length: 640 }, (_, i) => i % C);
  const lastLayer = { weights: normalMatrix(C, D), bias: normals(random, C) };
  const training = { ...draw(640), labels, lastLayer }, images = draw(512);
  for (const { needs, make } of Object.values(makers)) {
    const detector = make().fit(training);
    for (const part of needs === "both" ? ["features", "logits"] as const : [needs]) {
      for (const wrong of [NaN, Infinity, -Infinity]) {
        const broken = { ...images[part], data: images[part].data.slice() };
        broken.data[300 * broken.columns + 50] = wrong;
        assertThrows(
          () => detector.score({ ...images, [part]: broken }),
          RangeError,
          `The ${part} of image 300 have the entry ${wrong}:`,
        );
      }
    }
  }
});

Deno.test("score() refuses features that are finite and too large to compute with", () => {
  const features = { ...images.features, data: images.features.data.map((f) => 1e200 * f) };
  assertThrows(
    () => makers.mahalanobis.make().fit(training).score({ features }),
    RangeError,
    "The score of image 0 by Mahalanobis is ",
  );
});

Deno.test("fit() on statistics alone gives the same scores as on the images", () => {
  const statistics = featureStatistics(training.features, labels);
  for (
    const name of ["mahalanobis", "relativeMahalanobis", "neco", "residual", "classMeanCosine"]
  ) {
    const { make } = makers[name];
    assertEquals(
      make().fit({ statistics, lastLayer }).score(images),
      make().fit(training).score(images),
    );
  }
});

Deno.test("mahalanobis() does not change under an invertible affine map of all features", () => {
  const A = normalMatrix(D, D);
  const moved = (features: Matrix) => {
    const result = multiply(features, A);
    return { ...result, data: result.data.map((f, k) => f + k % D) };
  };
  for (const { make } of [makers.mahalanobis, makers.relativeMahalanobis]) {
    const before = make().fit(training).score(images);
    const after = make().fit({ ...training, features: moved(training.features) })
      .score({ features: moved(images.features) });
    before.forEach((score, i) => assertAlmostEquals(score, after[i], 1e-8 * Math.abs(score)));
  }
});

Deno.test("mahalanobis() heeds the correlation of features, not their variances alone", () => {
  // Correlated by 0.99: (1, −1) is far, (1, 1) is near, though both are as long.
  const base = normalMatrix(500, 1).data, noise = normalMatrix(500, 1).data;
  const features = matrix([...base.keys()].map((i) => [base[i], base[i] + 0.1 * noise[i]]));
  const detector = detectors.mahalanobis().fit({ features, labels: Array(500).fill(0) });
  const [near, far] = detector.score({ features: matrix([[1, 1], [1, -1]]) });
  assert(near > -2 && far < -100, `${near} and ${far}`);
});

Deno.test("mahalanobis() leaves out directions without variance", () => {
  const flat = (features: Matrix) => ({
    ...features,
    data: features.data.map((f, k) => k % D === 5 ? 2 : f),
  });
  const without = (features: Matrix) =>
    matrix(Array.from({ length: features.rows }, (_, i) => [...row(features, i)].toSpliced(5, 1)));
  const a = detectors.mahalanobis().fit({ features: flat(training.features), labels })
    .score({ features: images.features });
  const b = detectors.mahalanobis().fit({ features: without(training.features), labels })
    .score({ features: without(images.features) });
  a.forEach((score, i) => assertAlmostEquals(score, b[i], 1e-8 * Math.abs(score)));
});

Deno.test("the residual and the principal part make up the whole feature", () => {
  const statistics = featureStatistics(training.features, labels);
  const whole = residualSpace(statistics, { lastLayer, dimension: 0 });
  const part = residualSpace(statistics, { lastLayer, dimension: 3 });
  const principal = { u: whole.u, R: columnRange(whole.R, D - 3, D) };
  const [all, rest, first] = [whole, part, principal].map((space) =>
    projectedNorms(images.features, space)
  );
  all.forEach((norm, i) => assertAlmostEquals(rest[i] ** 2 + first[i] ** 2, norm ** 2, 1e-9));
  const origin = { ...images.features, rows: 1, data: whole.u };
  multiply(origin, lastLayer.weights, { transposeB: true }).data
    .forEach((z, c) => assertAlmostEquals(z + lastLayer.bias[c], 0, 1e-9)); // logits vanish at u
});

Deno.test("vim() with alpha 0 is the energy, and its own alpha matches residuals to largest logits", () => {
  const scores = detectors.vim({ alpha: 0 }).fit(training).score(images);
  assertEquals(scores, detectors.energy().score(images));
  const mean = (values: Float64Array) => values.reduce((a, b) => a + b) / values.length;
  const virtual = detectors.energy().score(training)
    .map((energy, i) => energy - detectors.vim().fit(training).score(training)[i]);
  assertAlmostEquals(mean(virtual), mean(detectors.maximumLogit().score(training)), 1e-9);
});

Deno.test("vim() and residual() refuse a principal subspace that leaves nothing", () => {
  for (const dimension of [D, 1000, -1, 2.5]) {
    assertThrows(() => detectors.vim({ dimension }).fit(training), RangeError, `got ${dimension}`);
    assertThrows(() => detectors.residual({ dimension }).fit(training), RangeError, "0 to 7");
  }
});

Deno.test("neco() is a ratio in [0, 1], 1 with all dimensions, and the same for scaled features", () => {
  const score = (dimension: number) => detectors.neco({ dimension }).fit(training).score(images);
  for (const ratio of score(D)) assertAlmostEquals(ratio, 1, 1e-12);
  const two = score(2), three = score(3);
  two.forEach((ratio, i) => assert(ratio >= 0 && ratio <= three[i] && three[i] <= 1));
  const unit = Float64Array.from({ length: D }, (_, j) => 1 + j);
  const stretched = (A: Matrix) => ({ ...A, data: A.data.map((a, k) => a * unit[k % D]) });
  detectors.neco({ dimension: 2 }).fit({ features: stretched(training.features), labels })
    .score({ features: stretched(images.features) })
    .forEach((ratio, i) => assertAlmostEquals(ratio, two[i], 1e-9));
  assertThrows(() => detectors.neco({ dimension: 9 }).fit(training), RangeError, "1 to 8");
});

Deno.test("energy() tends to the maximum logit and lies above it", () => {
  const largest = detectors.maximumLogit().score(images);
  detectors.energy({ temperature: 1e-3 }).score(images)
    .forEach((score, i) => assertAlmostEquals(score, largest[i], 0.01));
  detectors.energy().score(images).forEach((score, i) => assert(score > largest[i]));
  const huge = { logits: scaled(images.logits, 1e6) };
  assert(detectors.energy().score(huge).every(Number.isFinite));
  assertThrows(() => detectors.energy({ temperature: 0 }), RangeError, "got 0");
});

Deno.test("nearestNeighbours() finds a training image at distance 0, and the farthest at k = N", () => {
  const [score] = detectors.nearestNeighbours({ k: 1 }).fit(training)
    .score({ features: matrix([row(training.features, 7).map((f) => 3 * f)]) });
  assertAlmostEquals(score, 0, 1e-12);
  const units = (A: Matrix) => ({
    ...A,
    data: A.data.map((a, k) => a / rowNorms(A)[Math.floor(k / D)]),
  });
  const f = row(units(images.features), 0);
  const farthest = Math.max(
    ...Array.from(
      { length: 60 },
      (_, i) => row(units(training.features), i).reduce((sum, g, j) => sum + (g - f[j]) ** 2, 0),
    ),
  );
  const all = detectors.nearestNeighbours({ k: 60 }).fit(training).score(images);
  assertAlmostEquals(all[0], -farthest, 1e-12);
  for (const k of [0, 61, 1.5]) {
    assertThrows(
      () => detectors.nearestNeighbours({ k }).fit(training),
      RangeError,
      `got ${k}`,
    );
  }
  const zero = { features: matrix([Array(D).fill(0)]) };
  assertThrows(() => detectors.nearestNeighbours().fit(training).score(zero), RangeError, "zeros");
});

Deno.test("react() with a threshold above all features is the energy", () => {
  const logits = {
    ...images.logits,
    data: images.logits.data.map((z, k) => z + lastLayer.bias[k % C]),
  };
  const energy = detectors.energy().score({ logits });
  for (const threshold of [100, 1e300]) {
    detectors.react({ threshold }).fit({ lastLayer }).score(images)
      .forEach((score, i) => assertAlmostEquals(score, energy[i], 1e-9));
  }
  assertThrows(() => detectors.react({ percentile: 0 }), RangeError, "(0, 1]");
  assertThrows(() => detectors.react({ threshold: Infinity }), RangeError, "finite");
});

Deno.test("klMatching() is 0 at a template, and leaves out a class that is never predicted", () => {
  const fitted = detectors.klMatching().fit({ logits: matrix([[5, 1, 0], [5, 1, 0], [0, 4, 1]]) });
  const [first, second, third] = fitted.score({
    logits: matrix([[5, 1, 0], [0, 4, 1], [0, 0, 9]]),
  });
  assertAlmostEquals(first, 0, 1e-12);
  assertAlmostEquals(second, 0, 1e-12);
  assert(third < -2);
});

Deno.test("generalizedEntropy() is largest for a sure softmax and least for a flat one", () => {
  const [sure, flat] = detectors.generalizedEntropy({ gamma: 0.5 })
    .score({ logits: matrix([[1000, 0, 0], [1, 1, 1]]) });
  assertAlmostEquals(sure, 0, 1e-12);
  assertAlmostEquals(flat, -3 * Math.sqrt(1 / 3 * 2 / 3), 1e-12);
  const [surest] = detectors.generalizedEntropy().score({ logits: matrix([[60, 0]]) });
  assertAlmostEquals(surest, -2 * Math.exp(-60) ** 0.1, 1e-14); // 1 − p is far under the spacing of numbers at 1
  assertThrows(() => detectors.generalizedEntropy({ gamma: 1 }), RangeError, "(0, 1)");
  assertThrows(() => detectors.generalizedEntropy({ classes: 0 }), RangeError, "at least 1");
});
