/** Asks for the kernels of more work than is worth doing slowly, three times. */
if (Deno.args.includes("--native")) await import("../../lib/native.ts");
const { kernelsFor } = await import("../../lib/linear_algebra/kernels.ts");

for (let i = 0; i < 3; i++) kernelsFor(1.5e9);
