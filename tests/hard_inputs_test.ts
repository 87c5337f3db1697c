/**
 * Every public function of the rooms below is called with values of wrong kinds in the place of each argument, and must
 * refuse each by a RangeError or TypeError whose message names the argument. A new room is a line in `rooms` and a table
 * in `hard_inputs/`; a new export without an entry in its room's table fails here.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import * as models from "../lib/models/mod.ts";
import * as randomness from "../lib/random.ts";
import type { Entry } from "./hard_inputs/kinds.ts";
import { modelsTable } from "./hard_inputs/models.ts";
import { randomTable } from "./hard_inputs/random.ts";

/** A room's public values, and an entry for each function, class and method among them. */
const rooms: { name: string; exports: object; table: Record<string, Entry> }[] = [
  { name: "models", exports: models, table: modelsTable },
  { name: "random", exports: randomness, table: randomTable },
];

for (const { name, exports, table } of rooms) {
  Deno.test(`every function of ${name} has an entry in the table of hard inputs`, () => {
    assertEquals(namesOf(exports).filter((name) => !(name in table)), []);
  });

  Deno.test(`every function of ${name} refuses arguments of wrong kinds, and names them`, async () => {
    const faults: string[] = [];
    let parameters = 0, tried = 0;
    for (const [name, entry] of Object.entries(table)) {
      const valid = () => entry.arguments.map((argument) => argument.valid());
      await attempt(entry, valid()).then((error) => {
        if (error) faults.push(`${name} refuses its valid arguments: ${error}`);
      });
      for (const [i, argument] of entry.arguments.entries()) {
        parameters++;
        for (const { what, value, says } of argument.wrong()) {
          tried++;
          const error = await attempt(entry, valid().with(i, value));
          const fault = faultOf(error, says);
          if (fault) faults.push(`${name}, argument ${i}, ${what}: ${fault}`);
        }
      }
    }
    console.log(
      `${name}: ${
        Object.keys(table).length
      } functions, ${parameters} arguments, ${tried} wrong values`,
    );
    assert(tried > 0);
    assert(faults.length === 0, faults.join("\n"));
  });
}

/** The functions and classes among `exports`, and the methods of the classes. */
function namesOf(exports: object): string[] {
  return Object.entries(exports).flatMap(([name, value]) => {
    if (typeof value !== "function" || value.prototype instanceof Error) return [];
    const methods = Object.entries(Object.getOwnPropertyDescriptors(value.prototype ?? {}))
      .filter(([key, { value }]) => key !== "constructor" && typeof value === "function")
      .map(([key]) => `${name}.${key}`);
    return [name, ...methods];
  });
}

async function attempt({ call }: Entry, parameters: unknown[]): Promise<unknown> {
  try {
    await call(...parameters as never[]);
  } catch (error) {
    return error;
  }
}

/** What the engine says where nobody checked. */
const ENGINE =
  /Cannot read|is not a function|is not iterable|Cannot convert|Cannot mix|Cannot destructure|not a constructor|array length|Cannot use 'in'/;

function faultOf(error: unknown, says: string): string | undefined {
  if (error === undefined) return "accepted";
  if (!(error instanceof RangeError || error instanceof TypeError)) return `throws ${error}`;
  if (ENGINE.test(error.message)) return `is met by the engine alone: ${error.message}`;
  if (!error.message.toLowerCase().includes(says.toLowerCase())) {
    return `the message lacks "${says}": ${error.message}`;
  }
}
