/**
 * Eigenvalues and eigenvectors of a symmetric matrix in plain JavaScript.
 *
 * @module
 */
import { type Matrix, transpose } from "./matrix.ts";

/**
 * A = V diag(values) Vᵀ, eigenvalues ascending, by Householder tridiagonalization and the implicit QL algorithm.
 *
 * Source: Bowdler, Martin, Reinsch and Wilkinson, "The QR and QL algorithms for symmetric matrices" (1968), as in
 * EISPACK's tred2 and tql2.
 */
export function symmetricEigenByQl(A: Matrix): { values: Float64Array; vectors: Matrix } {
  const n = A.rows, V = transpose(A); // row j is column j of the transformation, which the loops run along
  const values = new Float64Array(n), offDiagonal = new Float64Array(n);
  if (n > 0) {
    tridiagonalize(V.data, values, offDiagonal);
    diagonalize(V.data, values, offDiagonal);
  }
  return sorted(values, V);
}

/** Reduces V to tridiagonal form with the diagonal d and, from 1 on, e beside it; V becomes the transformation. */
function tridiagonalize(V: Float64Array, d: Float64Array, e: Float64Array): void {
  const n = d.length;
  for (let j = 0; j < n; j++) d[j] = V[j * n + n - 1];
  for (let i = n - 1; i > 0; i--) {
    let scale = 0;
    for (let k = 0; k < i; k++) scale += Math.abs(d[k]);
    if (scale === 0) {
      e[i] = d[i - 1];
      for (let j = 0; j < i; j++) {
        d[j] = V[j * n + i - 1];
        V[j * n + i] = V[i * n + j] = 0;
      }
      d[i] = 0;
      continue;
    }
    let h = 0;
    for (let k = 0; k < i; k++) {
      d[k] /= scale;
      h += d[k] * d[k];
    }
    const last = d[i - 1], g = last > 0 ? -Math.sqrt(h) : Math.sqrt(h);
    e[i] = scale * g;
    h -= last * g;
    d[i - 1] = last - g;
    e.fill(0, 0, i);
    for (let j = 0; j < i; j++) {
      const f = V[i * n + j] = d[j];
      let product = e[j] + V[j * n + j] * f;
      for (let k = j + 1; k < i; k++) {
        product += V[j * n + k] * d[k];
        e[k] += V[j * n + k] * f;
      }
      e[j] = product;
    }
    let f = 0;
    for (let j = 0; j < i; j++) {
      e[j] /= h;
      f += e[j] * d[j];
    }
    const half = f / (h + h);
    for (let j = 0; j < i; j++) e[j] -= half * d[j];
    for (let j = 0; j < i; j++) {
      const f = d[j], g = e[j];
      for (let k = j; k < i; k++) V[j * n + k] -= f * e[k] + g * d[k];
      d[j] = V[j * n + i - 1];
      V[j * n + i] = 0;
    }
    d[i] = h;
  }
  accumulate(V, d);
  e[0] = 0;
}

/** Multiplies the Householder transformations kept in V and d into V, and puts the diagonal into d. */
function accumulate(V: Float64Array, d: Float64Array): void {
  const n = d.length;
  for (let i = 0; i < n - 1; i++) {
    const next = (i + 1) * n, h = d[i + 1];
    V[i * n + n - 1] = V[i * n + i];
    V[i * n + i] = 1;
    if (h !== 0) {
      for (let k = 0; k <= i; k++) d[k] = V[next + k] / h;
      for (let j = 0; j <= i; j++) {
        let g = 0;
        for (let k = 0; k <= i; k++) g += V[next + k] * V[j * n + k];
        for (let k = 0; k <= i; k++) V[j * n + k] -= g * d[k];
      }
    }
    V.fill(0, next, next + i + 1);
  }
  for (let j = 0; j < n; j++) {
    d[j] = V[j * n + n - 1];
    V[j * n + n - 1] = 0;
  }
  V[n * n - 1] = 1;
}

/** Turns the tridiagonal matrix of d and e into the eigenvalues d, and the rows of V into eigenvectors. */
function diagonalize(V: Float64Array, d: Float64Array, e: Float64Array): void {
  const n = d.length;
  e.copyWithin(0, 1);
  e[n - 1] = 0;
  let shift = 0, largest = 0;
  for (let l = 0; l < n; l++) {
    largest = Math.max(largest, Math.abs(d[l]) + Math.abs(e[l]));
    let m = l;
    while (m < n && Math.abs(e[m]) > Number.EPSILON * largest) m++;
    if (m > l) {
      do {
        const g = d[l],
          p = (d[l + 1] - g) / (2 * e[l]),
          r = p < 0 ? -hypotenuse(p, 1) : hypotenuse(p, 1);
        d[l] = e[l] / (p + r);
        d[l + 1] = e[l] * (p + r);
        const h = g - d[l];
        for (let i = l + 2; i < n; i++) d[i] -= h;
        shift += h;
        qlStep(V, d, e, { from: l, to: m });
      } while (Math.abs(e[l]) > Number.EPSILON * largest);
    }
    d[l] += shift;
    e[l] = 0;
  }
}

/** One implicit QL step on the block `from` to `to`. */
function qlStep(
  V: Float64Array,
  d: Float64Array,
  e: Float64Array,
  { from: l, to: m }: { from: number; to: number },
): void {
  const n = d.length, second = d[l + 1], before = e[l + 1];
  let p = d[m], c = 1, c2 = 1, c3 = 1, s = 0, s2 = 0;
  for (let i = m - 1; i >= l; i--) {
    [c3, c2, s2] = [c2, c, s];
    const g = c * e[i], h = c * p, r = hypotenuse(p, e[i]);
    e[i + 1] = s * r;
    s = e[i] / r;
    c = p / r;
    p = c * d[i] - s * g;
    d[i + 1] = h + s * (c * g + s * d[i]);
    for (let k = i * n; k < (i + 1) * n; k++) {
      const v = V[k + n];
      V[k + n] = s * V[k] + c * v;
      V[k] = c * V[k] - s * v;
    }
  }
  p = -s * s2 * c3 * before * e[l] / second;
  e[l] = s * p;
  d[l] = c * p;
}

/** Eigenvalues in ascending order, and the rows of V as columns in that order. */
function sorted(values: Float64Array, V: Matrix): { values: Float64Array; vectors: Matrix } {
  const n = V.rows, order = Array.from(values, (_, i) => i).sort((i, j) => values[i] - values[j]);
  const vectors = new Float64Array(n * n);
  order.forEach((from, to) => {
    for (let k = 0; k < n; k++) vectors[k * n + to] = V.data[from * n + k];
  });
  return {
    values: Float64Array.from(order, (i) => values[i]),
    vectors: { rows: n, columns: n, data: vectors },
  };
}

/** √(a² + b²) without overflow, and the same on every machine, which Math.hypot need not be. */
export function hypotenuse(a: number, b: number): number {
  const [large, small] = Math.abs(a) > Math.abs(b) ? [a, b] : [b, a];
  return large === 0 ? 0 : Math.abs(large) * Math.sqrt(1 + (small / large) ** 2);
}
