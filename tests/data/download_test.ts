import { assert, assertEquals, assertRejects } from "@std/assert";
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { packTar } from "modern-tar";
import { unpack } from "../../lib/data/archives.ts";
import { download, DownloadError, type DownloadOptions } from "../../lib/data/download.ts";
import { DataFileError } from "../../lib/data/files.ts";
import { installSet, PUBLISHED_SETS, type PublishedSet } from "../../lib/data/image_sets.ts";
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
  const hashes = { sha256: sha256(CONTENT) };
  const options = { url: server.url, hashes, attempts: 1, pauseSeconds: 0.01 };
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

/** A server that sends `first` bytes at once, and then one byte every 5 ms where it `trickles`. */
function stallingServer(first: number, { trickles }: { trickles: boolean }): () => Response {
  return () => {
    let timer: ReturnType<typeof setInterval>;
    return new Response(
      new ReadableStream({
        start(it) {
          it.enqueue(CONTENT.slice(0, first));
          if (trickles) timer = setInterval(() => it.enqueue(CONTENT.slice(0, 1)), 5);
        },
        cancel: () => clearInterval(timer),
      }),
    );
  };
}

for (const trickles of [false, true]) {
  Deno.test(`download() gives up a server that ${trickles ? "trickles" : "stalls"}`, () =>
    withServer(stallingServer(100, { trickles }), async (url, folder) => {
      const options = { url, hashes: {}, stallSeconds: 0.4, attempts: 2, pauseSeconds: 0.01 };
      await assertRejects(
        () => download(join(folder, "set"), options),
        DownloadError,
        "data for 0.4 seconds (2 attempts)",
      );
    }));
}

const answer = (status: number, headers: Record<string, string> = {}) => () =>
  new Response("<html>", { status, headers });

for (
  const [what, response, message] of [
    ["404", answer(404), "answers 404 Not Found. The file may have moved"],
    ["403", answer(403), "answers 403 Forbidden. This machine may not have it"],
    ["503 again and again", answer(503), "answers 503 Service Unavailable (2 attempts)"],
    ["429 again and again", answer(429), "answers 429 Too Many Requests (2 attempts)"],
    ["429 for an hour", answer(429, { "retry-after": "3600" }), "60 minutes of patience"],
    ["a web page", answer(200, { "content-type": "Text/HTML; charset=utf-8" }), "web page"],
    ["a web page as data", answer(200, { "content-type": "application/x-tar" }), "web page"],
    ["nothing", () => new Response(null), "damaged or replaced"],
    ["something else", () => new Response(CONTENT.slice(1)), "damaged or replaced"],
  ] as [string, () => Response, string][]
) {
  Deno.test(`download() explains and installs nothing when the server answers ${what}`, () =>
    withServer(response, async (url, folder) => {
      const hashes = { sha256: sha256(CONTENT) };
      const options = { url, hashes, attempts: 2, pauseSeconds: 0.01 };
      await assertRejects(() => download(join(folder, "set"), options), DownloadError, message);
      assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), []);
    }));
}

Deno.test("download() waits between tries, longer each time, and as long as a server asks", async () => {
  const soon = new Date(Date.now() + 1500).toUTCString();
  const answers = [
    answer(503),
    answer(503),
    answer(429, { "retry-after": "1" }),
    answer(503, { "retry-after": soon }),
    () => new Response(CONTENT),
  ];
  const times: number[] = [], notices: string[] = [];
  await withServer(() => {
    times.push(performance.now());
    return answers[times.length - 1]();
  }, async (url, folder) => {
    const hashes = { sha256: sha256(CONTENT) }, pauseSeconds = 0.1;
    const onNotice = (sentence: string) => notices.push(sentence);
    await download(join(folder, "set"), { url, hashes, pauseSeconds, onNotice });
  });
  const pauses = times.slice(1).map((time, k) => time - times[k]);
  [100, 200, 1000].forEach((least, k) => assert(pauses[k] > least - 10, `${pauses}`));
  assert(times[4] >= 0 && Date.now() >= Date.parse(soon));
  assertEquals(notices.length, 4);
  assertEquals(notices[2], "the server answers 429 Too Many Requests: next try in 1 seconds");
});

Deno.test("download() gets an archive that its server labels as encoded, and a file that it encodes", async () => {
  const archive = await archiveOf(FILES);
  const labelled = () => new Response(archive, { headers: { "content-encoding": "gzip" } });
  await withServer(labelled, async (url, folder) => {
    const path = join(folder, "set.tar.gz");
    await download(path, { url, hashes: { sha256: sha256(archive) } });
    assertEquals(await Deno.readFile(path), archive);
  });
  const encoded = () =>
    new Response(new Uint8Array(gzipSync(CONTENT)), { headers: { "content-encoding": "gzip" } });
  await withServer(encoded, async (url, folder) => {
    const path = join(folder, "set.mat");
    await download(path, {
      url: url.replace(".tar.gz", ".mat"),
      hashes: { sha256: sha256(CONTENT) },
    });
    assertEquals(await Deno.readFile(path), CONTENT);
  });
});

Deno.test("download() takes the file that its user saved where the message said", () =>
  withServer(answer(403), async (url, folder) => {
    const path = join(folder, "set.tar.gz"), hashes = { sha256: sha256(CONTENT) };
    const error = await assertRejects(() => download(path, { url, hashes }), DownloadError);
    const named = /save it as (\S+) and start again/.exec(error.message)![1];
    await Deno.writeFile(named, CONTENT);
    await download(path, { url, hashes });
    await Deno.writeFile(named, CONTENT.slice(1));
    await assertRejects(() => download(path, { url, hashes }), DownloadError, "403");
  }));

Deno.test("download() says that there is no server", async () => {
  const folder = await Deno.makeTempDir();
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" }), { port } = listener.addr;
  listener.close();
  await assertRejects(
    () => {
      const options = { attempts: 2, pauseSeconds: 0.01, hashes: {} };
      return download(join(folder, "set"), { url: `http://127.0.0.1:${port}/set`, ...options });
    },
    DownloadError,
    "the server cannot be reached (Connection refused (os error 111)) (2 attempts)",
  );
  await Deno.remove(folder, { recursive: true });
});

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

Deno.test("installSet() installs nothing of an archive that lacks a file, is cut off, or is none", async () => {
  const whole = await archiveOf(FILES);
  for (const archive of [whole, whole.slice(0, 100_000), CONTENT]) {
    await withServer(() => new Response(archive), async (url, folder) => {
      const hashes = { sha256: sha256(archive) };
      const set = { name: "toys", url, hashes, files: ["toys/a.bin", "toys/c.bin"] };
      await assertRejects(() => installSet(set, folder), DownloadError, "set.tar.gz");
      assert(!await Deno.stat(join(folder, "toys")).then(() => true, () => false));
      assert(!await Deno.stat(join(folder, "set.tar.gz")).then(() => true, () => false));
    });
  }
});

Deno.test("unpack() refuses an archive cut off anywhere in the entries that it needs or skips", async () => {
  const tar = await packTar([
    { header: { name: "toys/a.bin", size: 700 }, body: new Uint8Array(700) },
    { header: { name: "toys/skipped", size: 900 }, body: new Uint8Array(900) },
    { header: { name: "toys/b.txt", size: 1 }, body: "b" },
  ]);
  const folder = await Deno.makeTempDir(), archive = join(folder, "set.tar.gz");
  for (let length = 0; length <= tar.length; length += 100) {
    await Deno.writeFile(archive, new Uint8Array(gzipSync(tar.subarray(0, length))));
    const unpacking = () => unpack(archive, { files: ["toys/a.bin", "toys/b.txt"], into: folder });
    if (length < 4 * 512 + 2 * 512 + 512) await assertRejects(unpacking, DownloadError);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("installSet() twice at once downloads once, and both end well", async () => {
  const archive = await archiveOf(FILES);
  let requests = 0;
  const slowly = async () => {
    requests++;
    await new Promise((resolve) => setTimeout(resolve, 200));
    return new Response(archive);
  };
  await withServer(slowly, async (url, folder) => {
    const hashes = { sha256: sha256(archive) }, notices: string[] = [];
    const set = { name: "toys", url, hashes, files: ["toys/a.bin", "toys/b.txt"] };
    const options: DownloadOptions = { onNotice: (sentence) => notices.push(sentence) };
    const installed = await Promise.all([1, 2, 3].map(() => installSet(set, folder, options)));
    assertEquals(installed.filter(Boolean).length, 1);
    assertEquals(requests, 1);
    assertEquals(
      notices,
      new Array(2).fill(`another process is at work in ${folder}: waiting for it`),
    );
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["toys"]);
  });
});

Deno.test("installSet() replaces damaged files, and keeps them until their successors are there", async () => {
  for (const set of PUBLISHED_SETS) {
    const content = Object.fromEntries(set.files.map((file) => [file, CONTENT]));
    const isArchive = set.url.endsWith(".tar.gz");
    const published = isArchive ? await archiveOf(content) : CONTENT;
    let up = false;
    await withServer(
      () => up ? new Response(published) : new Response("", { status: 404 }),
      async (url, folder) => {
        const local = {
          ...set,
          url: isArchive ? url : url.replace("set.tar.gz", "set.mat"),
          hashes: { sha256: sha256(published) },
        };
        for (const file of set.files) {
          await Deno.mkdir(dirname(join(folder, file)), { recursive: true });
          await Deno.writeTextFile(join(folder, file), "<html>404</html>");
          await Deno.writeTextFile(join(folder, dirname(file), "mine.txt"), "mine");
        }
        const notices: string[] = [];
        const options: DownloadOptions = { onNotice: (sentence) => notices.push(sentence) };
        await assertRejects(() => installSet(local, folder, options), DownloadError, "404");
        assert(notices[0].startsWith("it is downloaded again: "), notices[0]);
        const file = join(folder, set.files[0]);
        assertEquals(await Deno.readTextFile(file), "<html>404</html>");
        up = true;
        assert(await installSet(local, folder));
        for (const file of set.files) {
          assertEquals(await Deno.readFile(join(folder, file)), CONTENT);
        }
        assertEquals(await Deno.readTextFile(join(dirname(file), "mine.txt")), "mine");
      },
    );
  }
});

Deno.test("installSet() goes on after a kill at any of its steps, and leaves nothing behind", async () => {
  const archive = await archiveOf(FILES);
  await withServer(() => new Response(archive), async (url, folder) => {
    const hashes = { sha256: sha256(archive) };
    const set = { name: "toys", url, hashes, files: ["toys/a.bin", "toys/b.txt"] };
    const put = async (name: string, content: Uint8Array) => {
      await Deno.mkdir(dirname(join(folder, name)), { recursive: true });
      await Deno.writeFile(join(folder, name), content);
    };
    const remains: [string, Uint8Array][][] = [
      [[".lock", new Uint8Array()]],
      [["set.tar.gz.part", archive.slice(0, 1000)]],
      [["set.tar.gz", archive], ["toys.part/a.bin", CONTENT.slice(0, 10)]],
      [["set.tar.gz.part", archive], ["toys/a.bin", CONTENT], ["toys.part/b.txt", CONTENT]],
      [["set.tar.gz.part", archive], ["toys/a.bin", CONTENT], ["toys/b.txt", FILES["toys/b.txt"]]],
    ];
    for (const files of remains) {
      for (const [name, content] of files) await put(name, content);
      await installSet(set, folder);
      assertEquals(await Deno.readFile(join(folder, "toys/a.bin")), CONTENT);
      assertEquals(await Deno.readFile(join(folder, "toys/b.txt")), FILES["toys/b.txt"]);
      assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["toys"]);
      await Deno.remove(join(folder, "toys"), { recursive: true });
    }
  });
});
