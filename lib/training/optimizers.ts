/**
 * First-order optimisers on named tensors, whose whole state can be saved and restored.
 *
 * @module
 */
import { type Storage, storedAs, tf } from "../tensorflow/mod.ts";

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
export function nesterov(
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
 * Muon for the 3 × 3 filters, `nesterov` for all else. A bank of filters is a matrix W, of 9 × in rows and out columns, whose
 * length is kept, as the normalisation behind it takes no notice of it: v ← μ v + g, W ← W − ηf O(g + μ v),
 * W ← √r W/‖W‖, where r is the smaller dimension and O(·) `orthogonalized`, of length √r too. So ηf is the relative length of a
 * step; it is `filterRate` η, as the schedule scales both. `storage`: in which the products are taken.
 *
 * Source: Jordan et al., "Muon: an optimizer for hidden layers in neural networks" (2024).
 */
export function muon(
  parameters: Parameters,
  { momentum = 0.9, weightDecay = 0, filterRate = 1, storage = "float32" }: {
    momentum?: number;
    weightDecay?: number;
    filterRate?: number;
    storage?: Storage;
  } = {},
): Optimizer {
  const isFilter = ([, { shape }]: [string, tf.Variable]) => shape.length === 4 && shape[0] > 1;
  const filters = new Map([...parameters].filter(isFilter));
  const others = nesterov(
    new Map([...parameters].filter((it) => !isFilter(it))),
    { momentum, weightDecay },
  );
  const velocity = zerosLike(filters);
  return {
    state: new Map([...others.state, ...prefixed({ velocity })]),
    update(gradients, learningRate) {
      others.update(gradients, learningRate);
      for (const [name, w] of filters) {
        tf.tidy(() => {
          const g = gradients.get(name)!, v = velocity.get(name)!;
          v.assign(v.mul(momentum).add(g));
          const columns = w.shape[3]!, rows = w.size / columns;
          const matrix = g.add(v.mul(momentum)).reshape<tf.Tensor2D>([rows, columns]);
          const direction = orthogonalized(matrix, { storage }).reshape(w.shape);
          const moved = w.sub(direction.mul(learningRate.mul(filterRate)));
          const length = moved.square().sum().sqrt();
          w.assign(moved.mul(tf.scalar(Math.sqrt(Math.min(rows, columns))).div(length)));
        });
      }
    },
  };
}

/**
 * U Vᵀ of a matrix U Σ Vᵀ, nearly: three steps of the Newton–Schulz iteration X ← a X + (b X Xᵀ + c (X Xᵀ)²) X from X/‖X‖,
 * whose coefficients bring singular values near 1 fast rather than exactly (Jordan et al. 2024). `storage`: of the factors of
 * its products.
 */
export function orthogonalized(
  matrix: tf.Tensor2D,
  { storage = "float32" }: { storage?: Storage } = {},
): tf.Tensor2D {
  const [a, b, c] = [3.4445, -4.775, 2.0315];
  const [rows, columns] = matrix.shape, tall = rows > columns;
  const product = (
    A: tf.Tensor2D,
    B: tf.Tensor2D,
    transposed: [boolean, boolean] = [false, false],
  ) =>
    storedAs(
      tf.matMul<tf.Tensor2D>(storedAs(A, storage), storedAs(B, storage), ...transposed),
      "float32",
    );
  return tf.tidy(() => {
    let X = matrix.div<tf.Tensor2D>(matrix.square().sum().sqrt().add(1e-7));
    for (let step = 0; step < 3; step++) {
      const S = product(X, X, [tall, !tall]);
      const P = S.mul(b).add<tf.Tensor2D>(product(S, S).mul(c));
      X = X.mul(a).add(tall ? product(X, P) : product(P, X));
    }
    return X;
  });
}

/**
 * Adam (Kingma and Ba 2015, algorithm 1); `weightDecay` adds λ w to the gradient, on the same arrays as in `nesterov`.
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
