import { assert, assertEquals, assertRejects } from "@std/assert";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { packTar } from "modern-tar";
import { download, DownloadError } from "../../lib/data/download.ts";
import { DataFileError } from "../../lib/data/files.ts";
import { installSet, type PublishedSet } from "../../lib/data/image_sets.ts";
import { normals, seeded } from "../../lib/random.ts";

const CONTENT = Uint8Array.from(normals(seeded(1), 320_000, { deviation: 100 }));
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const md5 = (bytes: Uint8Array) => createHash("md5").update(bytes).digest("hex");

/** Runs `test` in a new folder against a local server. */
async function withServer(
  respond: (request: Request) => Response | Promise<Response>,
  test: (url: string, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, respond);
  try {
    await test(`http://127.0.0.1:${server.addr.port}/set.tar.gz`, folder);
  } finally {
    await server.shutdown();
    await Deno.remove(folder, { recursive: true });
  }
}

/** A server that sends `most` bytes from where the client asks, then closes the connection, and notes what was asked. */
function breakingServer(bytes: Uint8Array, most: number) {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const asked: (number | undefined)[] = [];
  const serving = (async () => {
    for await (const connection of listener) {
      const request = new Uint8Array(4096);
      const text = new TextDecoder().decode(
        request.subarray(0, await connection.read(request) ?? 0),
      );
      const range = /range: bytes=(\d+)-/i.exec(text)?.[1];
      asked.push(range === undefined ? undefined : Number(range));
      const from = Number(range ?? 0), rest = bytes.subarray(from, from + most);
      const head = [
        range === undefined ? "HTTP/1.1 200 OK" : "HTTP/1.1 206 Partial Content",
        `Content-Length: ${bytes.length - from}`,
        `Content-Range: bytes ${from}-${bytes.length - 1}/${bytes.length}`,
        "Connection: close\r\n\r\n",
      ];
      const writer = connection.writable.getWriter();
      await writer.write(new TextEncoder().encode(head.join("\r\n")));
      await writer.write(rest);
      await writer.close().catch(() => {}); // The client has what it needs.
    }
  })();
  return {
    url: `http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}/set.tar.gz`,
    asked,
    async [Symbol.asyncDispose]() {
      listener.close();
      await serving;
    },
  };
}

Deno.test("download() resumes where the connection broke off, also in a later call", async () => {
  const folder = await Deno.makeTempDir();
  await using server = breakingServer(CONTENT, 100_000);
  const path = join(folder, "set");
  const options = { url: server.url, hashes: { sha256: sha256(CONTENT) }, attempts: 1 };
  await assertRejects(() => download(path, options), DownloadError, "start again to continue");
  assertEquals((await Deno.stat(`${path}.part`)).size, 100_000);
  await assertRejects(() => Deno.stat(path), Deno.errors.NotFound);
  const progress: number[] = [];
  await download(path, { ...options, attempts: 3, onProgress: (done) => progress.push(done) });
  assertEquals(await Deno.readFile(path), CONTENT);
  assertEquals(server.asked, [undefined, 100_000, 200_000, 300_000]);
  assertEquals(progress.at(-1), CONTENT.length);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("download() starts over when the server cannot resume", () =>
  withServer(() => new Response(CONTENT), async (url, folder) => {
    const path = join(folder, "set");
    await Deno.writeFile(`${path}.part`, new Uint8Array(10));
    await download(path, { url, hashes: { md5: md5(CONTENT), sha256: sha256(CONTENT) } });
    assertEquals(await Deno.readFile(path), CONTENT);
  }));

Deno.test("download() gives up a server that stalls", () =>
  withServer(
    () =>
      new Response(
        new ReadableStream({ start: (it) => it.enqueue(CONTENT.slice(0, 100)) }),
      ),
    async (url, folder) => {
      await assertRejects(
        () => download(join(folder, "set"), { url, hashes: {}, stallSeconds: 0.1, attempts: 2 }),
        DownloadError,
        "no data for 0.1 seconds",
      );
    },
  ));

for (
  const [what, response, message] of [
    ["404", () => new Response("gone", { status: 404 }), "404"],
    ["503 again and again", () => new Response("busy", { status: 503 }), "503"],
    [
      "a web page",
      () => new Response("<html>", { headers: { "content-type": "text/html" } }),
      "web page",
    ],
    ["something else", () => new Response(CONTENT.slice(1)), "damaged or replaced"],
  ] as [string, () => Response, string][]
) {
  Deno.test(`download() explains and installs nothing when the server answers ${what}`, () =>
    withServer(response, async (url, folder) => {
      const options = { url, hashes: { sha256: sha256(CONTENT) }, attempts: 2 };
      await assertRejects(() => download(join(folder, "set"), options), DownloadError, message);
      assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), []);
    }));
}

Deno.test("download() explains a folder that cannot be made", () =>
  withServer(() => new Response(CONTENT), async (url, folder) => {
    await Deno.writeTextFile(join(folder, "file"), "");
    await assertRejects(
      () => download(join(folder, "file", "set"), { url, hashes: {} }),
      DataFileError,
      join(folder, "file", "set"),
    );
  }));

Deno.test("download() explains a full disk", async () => {
  const full = await Deno.stat("/dev/full").then(() => true, () => false);
  if (!full) return; // Linux alone has such a device.
  await withServer(() => new Response(CONTENT), async (url, folder) => {
    await Deno.symlink("/dev/full", join(folder, "set.part"));
    await assertRejects(
      () => download(join(folder, "set"), { url, hashes: {} }),
      DataFileError,
      "the disk is full",
    );
  });
});

async function archiveOf(files: Record<string, Uint8Array<ArrayBuffer>>) {
  const tar = await packTar(
    Object.entries(files).map(([name, body]) => ({ header: { name, size: body.length }, body })),
  );
  return new Uint8Array(gzipSync(tar));
}

const FILES = { "toys/a.bin": CONTENT, "toys/b.txt": new Uint8Array([65]), "../out": CONTENT };

Deno.test("installSet() unpacks the files it uses, once, and nothing beside them", async () => {
  const archive = await archiveOf(FILES);
  let requests = 0;
  await withServer(() => {
    requests++;
    return new Response(archive);
  }, async (url, folder) => {
    const hashes = { sha256: sha256(archive) };
    const set: PublishedSet = { name: "toys", url, hashes, files: ["toys/a.bin", "toys/b.txt"] };
    assert(await installSet(set, folder));
    assertEquals(await Deno.readFile(join(folder, "toys/a.bin")), CONTENT);
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["toys"]);
    assertEquals([...Deno.readDirSync(join(folder, "toys"))].map(({ name }) => name).sort(), [
      "a.bin",
      "b.txt",
    ]);
    assert(!await installSet(set, folder));
    assertEquals(requests, 1);
  });
});

Deno.test("installSet() installs nothing of an archive that lacks a file or is no archive", async () => {
  for (const archive of [await archiveOf(FILES), CONTENT]) {
    await withServer(() => new Response(archive), async (url, folder) => {
      const hashes = { sha256: sha256(archive) };
      const set = { name: "toys", url, hashes, files: ["toys/a.bin", "toys/c.bin"] };
      await assertRejects(() => installSet(set, folder), DownloadError, "set.tar.gz");
      assert(!await Deno.stat(join(folder, "toys")).then(() => true, () => false));
    });
  }
});
