/** Fits and scores three detectors, and prints how well they tell two kinds of images apart. */
import { energy, mahalanobis, nearestNeighbours } from "../../lib/detectors/mod.ts";
import { auroc, aurocInterval } from "../../lib/metrics/auroc.ts";
import { normals, seeded } from "../../lib/random.ts";

const random = seeded(1);
const normalMatrix = (rows: number, columns: number, mean: number) => ({
  rows,
  columns,
  data: normals(random, rows * columns, { mean }),
});
const images = (count: number, mean: number) => ({
  features: normalMatrix(count, 16, mean),
  logits: normalMatrix(count, 3, mean),
});
const training = { ...images(300, 1), labels: Array.from({ length: 300 }, (_, i) => i % 3) };
const inside = images(200, 1), outside = images(100, 0);
for (const detector of [energy(), mahalanobis(), nearestNeighbours({ k: 10 })]) {
  const fitted = detector.fit(training);
  const area = auroc(fitted.score(inside), fitted.score(outside));
  const [low, high] = aurocInterval(area, { inDistribution: 200, outOfDistribution: 100 });
  console.log(
    `${detector.name}: AUROC ${area.toFixed(3)}, 95% interval ${low.toFixed(3)} to ${
      high.toFixed(3)
    }`,
  );
}
