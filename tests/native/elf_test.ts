import { assertEquals, assertStringIncludes } from "@std/assert";
import { explainBrokenElf } from "../../lib/native/elf.ts";
import { elsewhere, header, here, withFile } from "./broken_library.ts";

const ignore = Deno.build.os !== "linux";

for (
  const [what, bytes, reason] of [
    ["a truncated library", header(here, 4096), "is truncated: 64 of 4096 bytes"],
    ["one for another processor", header(elsewhere, 64), "this machine is " + Deno.build.arch],
    ["a text", new TextEncoder().encode("Not Found"), "is not a shared library"],
    ["an empty file", new Uint8Array(), "is not a shared library"],
  ] as const
) {
  Deno.test(
    `explainBrokenElf() says what is wrong with ${what}`,
    { ignore },
    () => withFile(bytes, (path) => assertStringIncludes(explainBrokenElf(path)!, reason)),
  );
}

Deno.test(
  "explainBrokenElf() has nothing to say about a whole library",
  { ignore },
  () => withFile(header(here, 64), (path) => assertEquals(explainBrokenElf(path), undefined)),
);
