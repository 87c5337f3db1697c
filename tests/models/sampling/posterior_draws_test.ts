import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { twoMoons } from "../../../lib/data/two_moons.ts";
import { matrix } from "../../../lib/linear_algebra/mod.ts";
import { predictUnder } from "../../../lib/models/perceptron/network_classifier.ts";
import {
  readPosteriorDraws,
  readTwoMoonsPosterior,
  writePosteriorDraws,
} from "../../../lib/models/sampling/posterior_draws.ts";
import { normals, seeded } from "../../../lib/random.ts";

Deno.test("readPosteriorDraws() reads what writePosteriorDraws() wrote, in single precision", async () => {
  const path = await Deno.makeTempFile({ suffix: ".safetensors" }), random = seeded(1);
  const chains = [0, 1].map(() => ({ rows: 6, columns: 9, data: normals(random, 54) }));
  const train = twoMoons(seeded(2), { points: 10, noise: 0.1 });
  const description = { data: "two moons" };
  await writePosteriorDraws(path, {
    sizes: [2, 2, 1],
    priorDeviation: 2,
    train,
    chains,
    description,
  });
  const read = await readPosteriorDraws(path);
  assertEquals([read.sizes, read.priorDeviation, read.train], [[2, 2, 1], 2, train]);
  assertEquals(read.description, description);
  read.chains.forEach(({ data }, c) =>
    assertEquals(data, Float64Array.from(Float32Array.from(chains[c].data)))
  );
  const X = matrix([[0, 0], [1, 1]]);
  const data = Float64Array.from(read.chains.flatMap(({ data }) => [...data]));
  assertEquals(read.predict(X), predictUnder({ rows: 12, columns: 9, data }, [2, 2, 1], X));
  await Deno.remove(path);
});

Deno.test("readPosteriorDraws() says which file is missing", async () => {
  await assertRejects(
    () => readPosteriorDraws("/nowhere.safetensors"),
    Error,
    "/nowhere.safetensors",
  );
});

Deno.test("the kept draws of the two moons' posterior agree among their chains, in what they predict", async () => {
  const reference = await readTwoMoonsPosterior();
  const { X: points, labels } = twoMoons(seeded(2), { points: 1000, noise: 0.2 });
  assertEquals(reference.train.labels, labels);
  points.data.forEach((x, i) => assertAlmostEquals(reference.train.X.data[i], x, 1e-12));
  const random = seeded(3),
    X = { rows: 100, columns: 2, data: normals(random, 200, { deviation: 2 }) };
  const { rHat, effectiveSampleSize } = reference.convergence(X);
  assert(rHat.every((r) => r < 1.01)); // the limits that Vehtari et al. (2021) advise
  assert(effectiveSampleSize.every((n) => n > 100 * reference.chains.length));
  const { probabilities } = reference.predict(X);
  for (let n = 0; n < 100; n++) {
    assertAlmostEquals(probabilities.data[2 * n] + probabilities.data[2 * n + 1], 1, 1e-12);
  }
});
