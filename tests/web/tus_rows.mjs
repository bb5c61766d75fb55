// Tries one server with the real tus-js-client, several ways at once:
//   node tus_rows.mjs ENDPOINT HEADERS_JSON EXPIRED_URL EXPIRED_CLIENT
// Prints one line of JSON: of each row what was asked and answered, and what was told.
import { createHash, randomUUID } from "node:crypto";
import http from "node:http";
import { createRequire } from "node:module";
import { Readable } from "node:stream";

const require = createRequire(new URL("../../web/package.json", import.meta.url));
const tus = require("tus-js-client");

const [endpoint, headersJson, expiredUrl, expiredClient] = process.argv.slice(2);
const headers = JSON.parse(headersJson);
const CHUNK = 40_000;

// 100,000 bytes that no other file has.
const file = (seed) => Buffer.from({ length: 100_000 }, (_, i) => (i * seed + (i >> 8)) % 256);
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

// Send one file, and give what became of it; `more` are options of the client, `source` what it
// reads instead of the whole file.
function send(seed, more = {}, { client = randomUUID(), source = null } = {}) {
  const told = file(seed);
  const row = { client, name: `story-${seed}`, told: sha256(told), events: [], ended: "" };
  return new Promise((resolve) => {
    const end = (how) => { row.ended = how; row.url = upload.url; resolve(row); };
    const upload = new tus.Upload(source ? source(told) : told, {
      endpoint,
      headers,
      metadata: { for: "collect", client, name: row.name },
      chunkSize: CHUNK,
      retryDelays: [0, 50, 100, 200, 400],
      storeFingerprintForResuming: false,
      onAfterResponse: (request, answer) => {
        const from = request.getHeader("Upload-Offset");
        const asked = [request.getMethod(), from].filter((part) => part !== undefined);
        row.events.push(`${asked.join(" ")}: ${answer.getStatus()}`);
      },
      onSuccess: () => end("done"),
      onError: (error) => end(`gave up at ${error.originalResponse?.getStatus() ?? "no answer"}`),
      ...(typeof more === "function" ? more(() => upload, end, told) : more),
    });
    upload.start();
  });
}

// Do something before the first PATCH only.
function beforeFirstPatch(act) {
  let done = false;
  return async (request) => {
    if (request.getMethod() !== "PATCH" || done) return;
    done = true;
    await act(request);
  };
}

const fromStart = {
  ...headers, "Tus-Resumable": "1.0.0", "Upload-Offset": "0",
  "Content-Type": "application/offset+octet-stream",
};

// A line that breaks once, in the middle of the first PATCH, when the server has what came so far.
class CutOnce extends tus.DefaultHttpStack {
  createRequest(method, address) {
    const request = super.createRequest(method, address);
    if (method === "PATCH" && !this.cut) {
      this.cut = true;
      request.send = (body) => cutIn(address, body);
    }
    return request;
  }
}

async function cutIn(address, body) {
  const length = { "Content-Length": body.length };
  const going = http.request(address, { method: "PATCH", headers: { ...fromStart, ...length } });
  going.on("error", () => {}); // it is we who break it
  going.write(body.subarray(0, CHUNK));
  for (let offset = "0"; offset !== String(CHUNK);) {
    const asked = await fetch(address, { method: "HEAD", headers: fromStart });
    offset = asked.headers.get("Upload-Offset");
  }
  going.destroy();
  throw new Error("the line was cut");
}

// Give a recording as it comes from a microphone: some of it, and then some more.
async function* littleByLittle(told) {
  for (let at = 0; at < told.length; at += CHUNK) yield told.subarray(at, at + CHUNK);
}

const rows = {
  "a file in three pieces": () => send(1),
  "another beside it": () => send(2),
  "a third beside them": () => send(3),
  "bytes with the creation": () => send(4, { uploadDataDuringCreation: true }),
  "a length said at the end": () =>
    send(5, { uploadLengthDeferred: true }, { source: (told) => Readable.from(littleByLittle(told)) }),
  "the line cut in a piece": () => send(6, { chunkSize: Infinity, httpStack: new CutOnce() }),
  "somebody else sent this piece": () =>
    send(7, (upload, _, told) => ({
      onBeforeRequest: beforeFirstPatch(() =>
        fetch(upload().url, {
          method: "PATCH", headers: fromStart, body: told.subarray(0, CHUNK),
        })),
    })),
  "an upload that expired": () => send(8, { uploadUrl: expiredUrl }, { client: expiredClient }),
  "one that is taken back": () =>
    send(9, (upload, end) => ({
      onChunkComplete: () => upload().abort(true).then(() => end("taken back")),
    })),
  "a piece that was damaged": () =>
    send(10, {
      onShouldRetry: (error) => error.originalResponse?.getStatus() === 460,
      onBeforeRequest: beforeFirstPatch((request) => {
        const other = createHash("sha1").update("other").digest("base64");
        request.setHeader("Upload-Checksum", `sha1 ${other}`);
      }),
    }),
  "one file in two uploads at once": () => send(11, { parallelUploads: 2 }),
};

const found = await Promise.all(
  Object.entries(rows).map(async ([name, row]) => [name, await row()]),
);
console.log(JSON.stringify(Object.fromEntries(found)));
