/**
 * First-order optimisers on named tensors, whose whole state can be saved and restored.
 *
 * @module
 */
import { tf } from "../tensorflow/mod.ts";

/** Trained arrays by name. */
export type Parameters = ReadonlyMap<string, tf.Variable>;

/** An optimiser of one network's parameters. */
export interface Optimizer {
  /** Everything it remembers between steps, by name. */
  readonly state: Parameters;
  /** Moves every parameter one step downhill along its gradient; `learningRate` is a scalar. */
  update(gradients: ReadonlyMap<string, tf.Tensor>, learningRate: tf.Tensor): void;
}

/**
 * Stochastic gradient descent with Nesterov momentum μ, in PyTorch's convention: g ← g + λ w, v ← μ v + g,
 * w ← w − η (g + μ v). The weight decay λ applies to arrays of two dimensions and more: the weights of convolutions and
 * classifier, not biases and normalisation.
 */
export function sgd(
  parameters: Parameters,
  { momentum = 0.9, weightDecay = 0 }: { momentum?: number; weightDecay?: number } = {},
): Optimizer {
  const velocity = zerosLike(parameters);
  return {
    state: prefixed({ velocity }),
    update(gradients, learningRate) {
      for (const [name, w] of parameters) {
        tf.tidy(() => {
          const g = decayed(gradients.get(name)!, w, weightDecay);
          const v = velocity.get(name)!;
          v.assign(v.mul(momentum).add(g));
          w.assign(w.sub(g.add(v.mul(momentum)).mul(learningRate)));
        });
      }
    },
  };
}

/**
 * Adam (Kingma and Ba 2015, algorithm 1); `weightDecay` adds λ w to the gradient, on the same arrays as in `sgd`.
 */
export function adam(
  parameters: Parameters,
  { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 }: {
    beta1?: number;
    beta2?: number;
    epsilon?: number;
    weightDecay?: number;
  } = {},
): Optimizer {
  const mean = zerosLike(parameters), square = zerosLike(parameters);
  // 1 − beta^t, the weight that the averages have gathered after t steps.
  const weight = new Map(
    ["mean", "square"].map((name) => [name, tf.variable(tf.scalar(0), false)]),
  );
  return {
    state: prefixed({ mean, square, weight }),
    update(gradients, learningRate) {
      tf.tidy(() => {
        const [meanWeight, squareWeight] = [weight.get("mean")!, weight.get("square")!];
        meanWeight.assign(meanWeight.mul(beta1).add(1 - beta1));
        squareWeight.assign(squareWeight.mul(beta2).add(1 - beta2));
      });
      for (const [name, w] of parameters) {
        tf.tidy(() => {
          const g = decayed(gradients.get(name)!, w, weightDecay);
          const m = mean.get(name)!, v = square.get(name)!;
          m.assign(m.mul(beta1).add(g.mul(1 - beta1)));
          v.assign(v.mul(beta2).add(g.square().mul(1 - beta2)));
          const direction = m.div(weight.get("mean")!)
            .div(v.div(weight.get("square")!).sqrt().add(epsilon));
          w.assign(w.sub(direction.mul(learningRate)));
        });
      }
    },
  };
}

function decayed(gradient: tf.Tensor, w: tf.Variable, weightDecay: number): tf.Tensor {
  return weightDecay > 0 && w.rank >= 2 ? gradient.add(w.mul(weightDecay)) : gradient;
}

function zerosLike(parameters: Parameters): Map<string, tf.Variable> {
  return new Map(
    [...parameters].map(([name, w]) => [name, untrained(() => tf.zerosLike(w))]),
  );
}

function untrained(initial: () => tf.Tensor): tf.Variable {
  return tf.tidy(() => tf.variable(initial(), false));
}

/** One map of all arrays, as `velocity/fc.weight`. */
function prefixed(groups: Record<string, Parameters>): Parameters {
  return new Map(
    Object.entries(groups).flatMap(([group, arrays]) =>
      [...arrays].map(([name, array]): [string, tf.Variable] => [`${group}/${name}`, array])
    ),
  );
}
