/** What a program of somebody else may look like: it names the package's rooms by its name. */
import { energy, type FittedDetector, mahalanobis } from "@robust-deep-learning/lib/detectors";
import { blobs } from "@robust-deep-learning/lib/data";
import { matrix } from "@robust-deep-learning/lib/linear-algebra";
import { auroc, aurocInterval } from "@robust-deep-learning/lib/metrics";
import { fitLogisticRegression } from "@robust-deep-learning/lib/models";
import { seeded } from "@robust-deep-learning/lib/random";

const features = matrix([[0, 1], [1, 0], [9, 9], [8, 8]]), outside = matrix([[5, 5], [-9, 9]]);
const fitted: FittedDetector = mahalanobis().fit({ features, labels: [0, 0, 1, 1] });
const area = auroc(fitted.score({ features }), fitted.score({ features: outside }));
const [low, high] = aurocInterval(area, { inDistribution: 4, outOfDistribution: 2 });
const [score] = energy().score({ logits: matrix([[0, 0]]) });
const model = fitLogisticRegression(blobs(seeded(1)), { priorDeviation: 1 });
console.log(JSON.stringify({ area, interval: [low, high], score, parameters: model.theta.length }));
