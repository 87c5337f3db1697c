/**
 * What a page is moved by: sliders, choices, points that are dragged.
 *
 * @module
 */

/** The element with this id. */
export function byId<E extends HTMLElement = HTMLElement>(id: string): E {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`The page has no #${id}`);
  return element as E;
}

/**
 * Ties the input or select with this id to a value: calls `onChange` with each new one, and shows it in the output that
 * follows it, as `text` says.
 */
export function bind(
  id: string,
  { value, text = String, onChange }: {
    value: number | string;
    text?: (value: number) => string;
    onChange: (value: string) => void;
  },
): void {
  const input = byId<HTMLInputElement | HTMLSelectElement>(id);
  const output = document.querySelector(`output[for="${id}"]`);
  const tell = () => {
    const said = text(Number(input.value));
    if (output) output.textContent = said;
    if (input.type === "range") input.setAttribute("aria-valuetext", said);
  };
  input.value = String(value);
  tell();
  input.addEventListener("input", () => {
    tell();
    onChange(input.value);
  });
}

/** Calls `draw` once in the next frame, however often it is asked before. */
export function onNextFrame(draw: () => void): () => void {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      draw();
    });
  };
}

/** A figure's scales, as Observable Plot returns them. */
export interface Scales {
  scale(
    name: "x" | "y",
  ): { apply(value: number): number; invert?(pixel: number): number } | undefined;
}

/** Points over a figure that the pointer and the arrow keys move. */
export interface Handles {
  /** Lays the points over the figure. */
  place(figure: Element & Scales, points: readonly (readonly [number, number])[]): void;
}

/**
 * Handles in the element `over`: `move` is called with a point's index and where it goes, `remove` where Delete is pressed or
 * it is double-clicked, `add` where the figure is clicked beside them.
 */
export function handles(
  over: HTMLElement,
  { move, remove, add, name = "Point" }: {
    move: (index: number, to: [number, number]) => void;
    remove?: (index: number) => void;
    add?: (at: [number, number]) => void;
    name?: string;
  },
): Handles {
  let current: Scales | undefined;
  let places: readonly (readonly [number, number])[] = [];
  let dragged: number | undefined;
  const buttons: HTMLButtonElement[] = [];
  const under = (event: PointerEvent | MouseEvent): [number, number] => {
    const { left, top, width, height } = over.getBoundingClientRect();
    const figure = over.querySelector("svg")!;
    const [, , w, h] = figure.getAttribute("viewBox")!.split(" ").map(Number);
    const pixel = [(event.clientX - left) * w / width, (event.clientY - top) * h / height];
    return [current!.scale("x")!.invert!(pixel[0]), current!.scale("y")!.invert!(pixel[1])];
  };
  const button = (index: number) => {
    const made = document.createElement("button");
    made.className = "handle";
    made.type = "button";
    made.addEventListener("pointerdown", (event) => {
      dragged = index;
      made.setPointerCapture(event.pointerId);
      event.stopPropagation();
    });
    made.addEventListener("pointermove", (event) => {
      if (dragged === index) move(index, under(event));
    });
    made.addEventListener("pointerup", () => dragged = undefined);
    made.addEventListener("click", (event) => event.stopPropagation());
    made.addEventListener("dblclick", () => remove?.(index));
    made.addEventListener("keydown", (event) => {
      const step =
        { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      if (step) {
        const size = event.shiftKey ? 20 : 4, [x, y] = places[index];
        const shifted = (axis: "x" | "y", value: number, by: number) => {
          const scale = current!.scale(axis)!;
          return scale.invert!(scale.apply(value) + size * by);
        };
        move(index, [shifted("x", x, step[0]), shifted("y", y, step[1])]);
        event.preventDefault();
      } else if (event.key === "Delete" || event.key === "Backspace") {
        remove?.(index);
        buttons[Math.max(0, index - 1)]?.focus();
      }
    });
    return made;
  };
  if (add) over.addEventListener("click", (event) => current && add(under(event)));
  return {
    place(figure, points) {
      current = figure;
      places = points;
      const [, , w, h] = figure.getAttribute("viewBox")!.split(" ").map(Number);
      while (buttons.length > points.length) buttons.pop()!.remove();
      while (buttons.length < points.length) buttons.push(button(buttons.length));
      points.forEach(([x, y], i) => {
        const [px, py] = [figure.scale("x")!.apply(x), figure.scale("y")!.apply(y)];
        buttons[i].style.left = `${100 * px / w}%`;
        buttons[i].style.top = `${100 * py / h}%`;
        const label = `${name} ${i + 1}: x ${x.toFixed(2)}, y ${y.toFixed(2)}`;
        buttons[i].setAttribute("aria-label", label);
      });
      over.querySelector("svg")?.remove();
      over.prepend(figure);
      for (const made of buttons) if (made.parentElement !== over) over.append(made);
    },
  };
}
