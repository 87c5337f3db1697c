import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { cause, checkOutputs, unseenFault } from "../../tasks/report/execution.ts";
import type { Notebook } from "../../tasks/report/notebooks.ts";
import { Problem } from "../../tasks/shared/task.ts";

const output = (text: string | string[]) => ({
  output_type: "display_data",
  data: { "text/markdown": text },
});
const shown = (text: string, id?: string) => ({ id, data: { "text/markdown": text } });
const notebook = (...outputs: ReturnType<typeof output>[]): Notebook => ({
  cells: [{ cell_type: "code", source: "", outputs }],
});
const check = (saved: Notebook, log: ReturnType<typeof shown>[]) =>
  checkOutputs("notebooks/probe.ipynb", saved, log);

Deno.test("checkOutputs() passes a notebook that holds every output once, texts split into lines or not", () => {
  check(notebook(output(["a\n", "b"]), output("c")), [shown("a\nb"), shown("c")]);
  check(notebook(output("a"), output("a")), [shown("a"), shown("a")]);
});

Deno.test("checkOutputs() counts a rewritten output once, by its last text", () => {
  check(notebook(output("2 of 2")), [shown("1 of 2", "epochs"), shown("2 of 2", "epochs")]);
  assertThrows(
    () => check(notebook(output("1 of 2")), [shown("1 of 2", "epochs"), shown("2 of 2", "epochs")]),
    Problem,
  );
});

Deno.test("checkOutputs() catches an output that is lost or doubled, and lets the cells show others", () => {
  assertThrows(
    () => check(notebook(output("a")), [shown("a"), shown("b")]),
    Problem,
    "of 2 outputs",
  );
  assertThrows(() => check(notebook(), [shown("a")]), Problem, "text/markdown");
  assertThrows(() => check(notebook(output("a"), output("a")), [shown("a")]), Problem);
  assertThrows(() => check(notebook(output("a")), [shown("a"), shown("a")]), Problem);
  check(notebook(output("a"), output("of the reader's own")), [shown("a")]);
});

Deno.test("unseenFault() tells the cell in which a fault came to light", () => {
  const lines = [{ cell: 0 }, shown("a"), { cell: 3 }, { fault: "RangeError: no row" }, {
    cell: 4,
  }];
  assertEquals(unseenFault(lines), { cell: 3, fault: "RangeError: no row" });
  assertEquals(unseenFault(lines.slice(0, 3)), undefined);
});

Deno.test("cause() says in words what Jupyter's programs say in theirs", () => {
  assertStringIncludes(
    cause("", ["nbclient.exceptions.DeadKernelError: Kernel died"]),
    "Deno.exit()",
  );
  const never = "invalid type: null, expected struct EvaluateResponse at line 1 column 4";
  assertStringIncludes(cause(never, []), "a promise that nothing will ever settle");
  assertEquals(cause("TypeError: x", ["Traceback"]), "TypeError: x");
  assertEquals(cause("", ["a", "b"]), "a\nb");
});
