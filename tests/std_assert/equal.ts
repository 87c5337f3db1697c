/**
 * Deep equality as `@std/assert` defines it: same value (NaN equals NaN, 0 equals -0), same prototype, same own properties;
 * maps and sets by their entries in any order, dates by time, patterns and addresses by their text.
 */
export function equal(
  a: unknown,
  b: unknown,
  seen = new Map<unknown, unknown>(),
): boolean {
  if (a === b || Object.is(a, b)) return true;
  if (
    typeof a !== "object" || typeof b !== "object" || a === null || b === null
  ) return false;
  if (prototype(a) !== prototype(b)) return false;
  if (seen.get(a) === b) return true;
  seen.set(a, b);
  if (a instanceof Date) return Object.is(a.getTime(), (b as Date).getTime());
  if (a instanceof RegExp || a instanceof URL || a instanceof URLSearchParams) {
    return String(a) === String(b);
  }
  if (a instanceof ArrayBuffer) {
    return equal(new Uint8Array(a), new Uint8Array(b as ArrayBuffer));
  }
  if (a instanceof Map || a instanceof Set) {
    const others = [...b as Iterable<unknown>];
    return a.size === others.length && [...a].every((entry) => {
      const match = others.findIndex((other) => equal(entry, other, new Map(seen)));
      if (match >= 0) others.splice(match, 1);
      return match >= 0;
    });
  }
  if (a instanceof DataView) return equal(a.buffer, (b as DataView).buffer);
  const keys = Reflect.ownKeys(a);
  return keys.length === Reflect.ownKeys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && equal(property(a, key), property(b, key), seen));
}

const prototype = (value: object) => Object.getPrototypeOf(value) ?? Object.prototype;
const property = (value: object, key: PropertyKey) => (value as Record<PropertyKey, unknown>)[key];
