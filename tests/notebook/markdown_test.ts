import { assert, assertEquals } from "@std/assert";
import { dedent, markdown, plain, tableMarkdown, tableOf } from "../../lib/notebook/markdown.ts";

Deno.test("markdown() writes a number within a formula as LaTeX, elsewhere as prose", () => {
  const small = 1e-7;
  assertEquals(markdown`$\sigma = ${small}$`, String.raw`$\sigma = 1 \times 10^{-7}$`);
  assertEquals(
    markdown`$$ a = ${small} $$ and ${small}`,
    "$$ a = 1 \\times 10^{-7} $$ and $1 \\times 10^{-7}$",
  );
  assertEquals(markdown`costs \$5, $N = ${-3}$, ${-3}`, "costs \\$5, $N = -3$, −3");
  assertEquals(markdown`\`$\` and \`\${x}\` ${small}`, "`$` and `${x}` $1 \\times 10^{-7}$");
});

Deno.test("plain() escapes every mark of Markdown", () => {
  const marks = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
  assertEquals(plain(marks), [...marks].map((it) => `\\${it}`).join(""));
  assertEquals(plain("a\nb\u0007"), "a b\ufffd");
});

Deno.test("a table's cell keeps its pipes, line ends and formulas in one row, for both readers", () => {
  const table = tableOf([{
    a: "$|w|^2$ and $\\|w\\|$",
    b: "`x|y`",
    c: "one\r\ntwo",
    d: "a|b <script>",
  }], {
    a: "p(y|x)",
    b: "b",
    c: "c",
    d: "d",
  });
  const [head, , row, ...more] = tableMarkdown(table).split("\n");
  assertEquals(more, []);
  assertEquals(head, "| p(y\\|x) | b | c | d |");
  const formulas = "$\\vert w\\vert ^2$ and $\\Vert w\\Vert $";
  assertEquals(row, `| ${formulas} | \`x\\|y\` | one<br>two | a\\|b \\<script> |`);
  assert(tableMarkdown(table, { pandoc: true }).includes("| `x|y` |"));
});

Deno.test("a table's numbers stand to the right, with the same digits after the point", () => {
  const { rows, right } = tableOf([
    { name: "a", share: 0.352, count: 3 },
    { name: "b", share: 0.09842, count: 20 },
    { name: "c", share: null, count: 1 },
  ]);
  assertEquals(rows, [["a", "0.352", "3"], ["b", "0.098", "20"], ["c", "–", "1"]]);
  assertEquals(right, [false, true, true]);
});

Deno.test("dedent() takes away what all lines are indented by", () => {
  assertEquals(dedent("\n  a\n    b\n  c\n  "), "a\n  b\nc");
  assertEquals(dedent("a\n  b"), "a\nb");
  assertEquals(dedent(""), "");
});
