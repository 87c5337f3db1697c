/**
 * The state of a page, kept in its address, so that a link leads to a setting.
 *
 * @module
 */

/** Flat state: numbers, words, and lists of numbers. */
export type State = Record<string, number | string | readonly number[]>;

/** `initial`, with what the address says in place of it; what cannot be read there is left as it was. */
export function readState<S extends State>(initial: S, hash = location.hash): S {
  const given = new URLSearchParams(hash.replace(/^#/, "")), state: State = { ...initial };
  for (const [name, value] of Object.entries(initial)) {
    const text = given.get(name);
    if (text === null) continue;
    if (typeof value === "string") state[name] = text;
    else {
      const numbers = text === "" ? [] : text.split(",").map(Number);
      if (!numbers.every(Number.isFinite)) continue;
      if (typeof value !== "number") state[name] = numbers;
      else if (numbers.length === 1) state[name] = numbers[0];
    }
  }
  return state as S;
}

/** The address's part after # for `state`; what equals `initial` is left out. */
export function stateHash<S extends State>(state: S, initial: S): string {
  const said = new URLSearchParams();
  const text = (value: State[string]) =>
    typeof value === "string"
      ? value
      : [value].flat().map((it) => Number(it.toPrecision(4))).join(",");
  for (const [name, value] of Object.entries(state)) {
    if (text(value) !== text(initial[name])) said.set(name, text(value));
  }
  return said.toString().replaceAll("%2C", ",");
}

/** Writes `state` into the address, without a new entry in the history, a moment after the last change. */
export function keepState<S extends State>(initial: S): (state: S) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (state) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const hash = stateHash(state, initial);
      history.replaceState(null, "", hash === "" ? location.pathname : `#${hash}`);
    }, 200);
  };
}
