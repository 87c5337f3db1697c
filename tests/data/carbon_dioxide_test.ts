import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { parseCarbonDioxide, readCarbonDioxide } from "../../lib/data/carbon_dioxide.ts";

Deno.test("readCarbonDioxide() has 741 of the 746 months from March 1958 to April 2020", async () => {
  const { year, ppm, missing } = await readCarbonDioxide();
  assertEquals([year.length, ppm.length, missing.length], [741, 741, 5]);
  assertAlmostEquals(year[0], 1958 + 2.5 / 12, 1e-9);
  assertAlmostEquals(year.at(-1)!, 2020 + 3.5 / 12, 1e-9);
  assertEquals([ppm[0], ppm.at(-1)], [315.7, 416.18]);
  assertEquals(missing, ["1958-06", "1958-10", "1964-02", "1964-03", "1964-04"]);
});

Deno.test("parseCarbonDioxide() sorts months and lists the ones between that are not there", () => {
  const record = parseCarbonDioxide("Date,CO2,adjusted CO2\n2000-02-01,3,3\n1999-11-01,1.5,1\n");
  assertEquals([...record.ppm], [1.5, 3]);
  assertEquals(record.missing, ["1999-12", "2000-01"]);
});

Deno.test("parseCarbonDioxide() names the line that it cannot read", () => {
  const header = "Date,CO2,adjusted CO2\n";
  assertThrows(() => parseCarbonDioxide("a,b\n"), SyntaxError, 'got "a,b"');
  assertThrows(() => parseCarbonDioxide(header + "2000-01-01,,3"), SyntaxError, "2000-01-01,,3");
  assertThrows(() => parseCarbonDioxide(header + "2000-01-01,NaN,3"), SyntaxError, "NaN");
});

Deno.test("parseCarbonDioxide() reads lines that end in CR, LF or both", () => {
  const text = "Date,CO2,adjusted CO2\n1958-03-01,315.70,314.44\n1958-04-01,317.46,315.16\n";
  for (const end of ["\n", "\r", "\r\n"]) {
    assertEquals([...parseCarbonDioxide(text.replaceAll("\n", end)).ppm], [315.7, 317.46]);
  }
});

Deno.test("parseCarbonDioxide() refuses a header alone, months that are none, and a month twice", () => {
  const header = "Date,CO2,adjusted CO2\n";
  assertThrows(() => parseCarbonDioxide(header), SyntaxError, "no months");
  for (const month of ["00", "13", "1", "99"]) {
    assertThrows(() => parseCarbonDioxide(`${header}1958-${month}-01,315,1`), SyntaxError, month);
  }
  assertThrows(
    () => parseCarbonDioxide(header + "1958-03-01,315,1\n1958-03-15,999,1\n"),
    SyntaxError,
    "1958-03 twice",
  );
});
