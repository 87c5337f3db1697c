import {
  assert,
  assertAlmostEquals,
  assertArrayIncludes,
  assertEquals,
  assertExists,
  assertFalse,
  assertGreater,
  assertGreaterOrEqual,
  assertInstanceOf,
  AssertionError,
  assertIsError,
  assertLess,
  assertLessOrEqual,
  assertMatch,
  assertNotEquals,
  assertNotMatch,
  assertNotStrictEquals,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
  fail,
} from "@std/assert";

/** Plain control flow, not an assertion of the package under test: it must throw an AssertionError exactly when `holds` is false. */
async function verdict(name: string, holds: boolean, run: () => unknown) {
  let thrown: unknown;
  try {
    await run();
  } catch (error) {
    thrown = error;
  }
  if (holds && thrown !== undefined) {
    throw new Error(`${name} must pass, but threw ${thrown}`);
  }
  if (!holds && !(thrown instanceof AssertionError)) {
    throw new Error(`${name} must throw an AssertionError, but gave ${thrown}`);
  }
}

const cycle = (value: number) => {
  const node: { value: number; self?: unknown } = { value };
  node.self = node;
  return node;
};
const raise = (error: unknown) => () => {
  throw error;
};
const range = new RangeError("alpha must be positive, got -1");

/** For each assertion: calls that hold, then calls that must fail. */
const cases: Record<
  string,
  [holds: (() => unknown)[], fails: (() => unknown)[]]
> = {
  assert: [[() => assert(1), () => assert("a")], [
    () => assert(0),
    () => assert(NaN),
    () => assert(""),
    () => assert(null),
  ]],
  assertFalse: [[() => assertFalse(0)], [() => assertFalse(1)]],
  fail: [[], [() => fail(), () => fail("reason")]],
  assertExists: [[() => assertExists(0), () => assertExists("")], [
    () => assertExists(null),
    () => assertExists(undefined),
  ]],
  assertEquals: [
    [
      () => assertEquals(NaN, NaN),
      () => assertEquals(0, -0),
      () => assertEquals({ a: [1, { b: 2 }], c: 3 }, { c: 3, a: [1, { b: 2 }] }),
      () => assertEquals(new Float64Array([1, NaN]), new Float64Array([1, NaN])),
      () => assertEquals(new Map([[{ k: 1 }, [2]]]), new Map([[{ k: 1 }, [2]]])),
      () => assertEquals(new Set([1, 2]), new Set([2, 1])),
      () => assertEquals(new Date(7), new Date(7)),
      () => assertEquals(/a/g, /a/g),
      () => assertEquals(cycle(1), cycle(1)),
      () => assertEquals(Object.create(null), {}),
    ],
    [
      () => assertEquals(1, 2),
      () => assertEquals<unknown>(1, "1"),
      () => assertEquals<unknown>(null, undefined),
      () => assertEquals<unknown>({}, { a: undefined }),
      () => assertEquals<unknown>([1, 2], [1]),
      () => assertEquals<unknown>([], {}),
      () => assertEquals([1, [2, 3]], [1, [2, 4]]),
      () => assertEquals(new Float64Array([1, 2]), new Float64Array([1, 3])),
      () => assertEquals<unknown>(new Float64Array([1]), new Float32Array([1])),
      () => assertEquals(new Map([["a", 1]]), new Map([["a", 2]])),
      () => assertEquals(new Set([1, 2]), new Set([1, 3])),
      () =>
        assertEquals(
          new Set([{ a: 1 }, { a: 1 }]),
          new Set([{ a: 1 }, { a: 2 }]),
        ),
      () => assertEquals(new Date(7), new Date(8)),
      () => assertEquals(/a/g, /a/i),
      () => assertEquals(cycle(1), cycle(2)),
      () => assertEquals(new Uint8Array([1]).buffer, new Uint8Array([2]).buffer),
    ],
  ],
  assertNotEquals: [[() => assertNotEquals([1], [2])], [
    () => assertNotEquals([1], [1]),
  ]],
  assertStrictEquals: [[() => assertStrictEquals(NaN, NaN)], [
    () => assertStrictEquals(0, -0),
    () => assertStrictEquals([], []),
  ]],
  assertNotStrictEquals: [[() => assertNotStrictEquals([], [])], [
    () => assertNotStrictEquals(1, 1),
  ]],
  assertAlmostEquals: [
    [
      () => assertAlmostEquals(0.1 + 0.2, 0.3),
      () => assertAlmostEquals(1, 1.4, 0.5),
      () => assertAlmostEquals(NaN, NaN),
      () => assertAlmostEquals(Infinity, Infinity),
    ],
    [
      () => assertAlmostEquals(1, 1 + 1e-6),
      () => assertAlmostEquals(1e-9, 0),
      () => assertAlmostEquals(NaN, 1),
      () => assertAlmostEquals(1, NaN, 10),
      () => assertAlmostEquals(Infinity, 1, 10),
      () => assertAlmostEquals(1, 1.6, 0.5),
    ],
  ],
  assertGreater: [[() => assertGreater(2, 1)], [
    () => assertGreater(1, 1),
    () => assertGreater(NaN, 1),
  ]],
  assertGreaterOrEqual: [[() => assertGreaterOrEqual(1, 1)], [
    () => assertGreaterOrEqual(0, 1),
  ]],
  assertLess: [[() => assertLess(1, 2)], [
    () => assertLess(1, 1),
    () => assertLess(NaN, 1),
  ]],
  assertLessOrEqual: [[() => assertLessOrEqual(1, 1)], [
    () => assertLessOrEqual(2, 1),
  ]],
  assertStringIncludes: [[() => assertStringIncludes("alpha", "ph")], [
    () => assertStringIncludes("alpha", "beta"),
  ]],
  assertMatch: [[() => assertMatch("week-1", /\d/)], [
    () => assertMatch("week", /\d/),
  ]],
  assertNotMatch: [[() => assertNotMatch("week", /\d/)], [
    () => assertNotMatch("week-1", /\d/),
  ]],
  assertArrayIncludes: [[() => assertArrayIncludes([[1], [2]], [[2]])], [
    () => assertArrayIncludes([[1], [2]], [[3]]),
  ]],
  assertInstanceOf: [[() => assertInstanceOf(range, Error)], [
    () => assertInstanceOf(range, TypeError),
    () => assertInstanceOf(null, Error),
    () => assertInstanceOf({}, Date),
  ]],
  assertIsError: [[
    () => assertIsError(range, RangeError, "alpha"),
    () => assertIsError(range, Error, /-1$/),
  ], [
    () => assertIsError("alpha"),
    () => assertIsError(range, TypeError),
    () => assertIsError(range, RangeError, "beta"),
    () => assertIsError(range, RangeError, /beta/),
  ]],
  assertThrows: [
    [
      () => assertThrows(raise("a text")),
      () => assertThrows(raise(range), "reason"),
      () =>
        assertStrictEquals(
          assertThrows(raise(range), RangeError, "alpha"),
          range,
        ),
    ],
    [
      () => assertThrows(() => 1),
      () => assertThrows(() => 1, RangeError),
      () => assertThrows(raise(range), TypeError),
      () => assertThrows(raise(range), RangeError, "beta"),
      () => assertThrows(raise("a text"), Error),
    ],
  ],
  assertRejects: [
    [
      () => assertRejects(() => Promise.reject(range)),
      async () =>
        assertStrictEquals(
          await assertRejects(() => Promise.reject(range), RangeError, "alpha"),
          range,
        ),
    ],
    [
      () => assertRejects(() => Promise.resolve(1)),
      () => assertRejects(raise(range)),
      () => assertRejects((() => 1) as unknown as () => Promise<unknown>),
      () => assertRejects(() => Promise.reject(range), TypeError),
      () => assertRejects(() => Promise.reject(range), RangeError, "beta"),
      () => assertRejects(() => Promise.reject("a text"), Error),
    ],
  ],
};

for (const [name, [holds, fails]] of Object.entries(cases)) {
  Deno.test(`${name}() passes what holds and fails what does not`, async () => {
    for (const run of holds) await verdict(`${name} (${run})`, true, run);
    for (const run of fails) await verdict(`${name} (${run})`, false, run);
  });
}
