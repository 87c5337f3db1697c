import { assert, assertEquals, assertThrows } from "@std/assert";
import { twoMoons } from "../../../lib/data/two_moons.ts";
import { averaged } from "../../../lib/models/inference/predictive.ts";
import { fitDeepEnsemble } from "../../../lib/models/perceptron/deep_ensemble.ts";
import { fitNetwork } from "../../../lib/models/perceptron/network_classifier.ts";
import { seeded } from "../../../lib/random.ts";

const moons = twoMoons(seeded(1), { points: 100, noise: 0.2 }), settings = { epochs: 10 };

Deno.test("an ensemble of one is the network", () => {
  const ensemble = fitDeepEnsemble(moons, { random: seeded(2), members: 1, ...settings });
  const network = fitNetwork(moons, { random: seeded(2), ...settings });
  assertEquals(
    ensemble.predict(moons.X).probabilities,
    network.predict(moons.X).probabilities,
  );
});

Deno.test("an ensemble predicts the mean of its members, which differ", () => {
  const ensemble = fitDeepEnsemble(moons, { random: seeded(3), members: 3, ...settings });
  const each = ensemble.members.map((member) => member.predict(moons.X).probabilities);
  assertEquals(ensemble.predict(moons.X), averaged(each));
  assert(each[0].data.some((p, i) => p !== each[1].data[i]));
});

Deno.test("fitDeepEnsemble() refuses a number of members that is none", () => {
  for (const members of [0, 1.5, -1]) {
    assertThrows(
      () => fitDeepEnsemble(moons, { random: seeded(1), members }),
      RangeError,
      `got ${members}`,
    );
  }
});
