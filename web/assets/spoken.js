// Sends what is said while it is said, by tus 1.0: a piece, the server's answer, the next piece.
// The server's offset is the truth. After a broken line it is asked for, and sending goes on from
// there; if the server has forgotten all of it, all is sent again. The sound stays in memory until
// the page is left, and never goes onto the device.
//
//   const sending = startSending({ begin, name, known, onProgress, onOther });
//   sending.add(blob)        the next bytes
//   await sending.finish()   all is there, or it rejects: the line is down; finish() may be tried anew
//   sending.begun()          whether the server takes it
//   sending.anew()           send all of it again, or for the first time after `onOther`
//   sending.stop()           forget it all
//   onProgress(left, all)    bytes not yet acknowledged, bytes so far
//   onOther()                the server holds a recording that is not in the set `known`: nothing is
//                            sent, and finish() rejects with it in `other`
const PIECE = 128 * 1024;
const KEEPS_ALIVE = 60 * 1024; // a browser finishes requests of up to 64 KiB after the page closed
const WAITS_S = [1, 2, 4, 8, 15, 30];
const TRIES_AT_THE_END = 4;
const LONGEST_MS = 60_000;
const TUS = { "Tus-Resumable": "1.0.0", Accept: "text/plain" };

class Gone extends Error {}

export function startSending({ begin, name, known, onProgress = () => {}, onOther = () => {} }) {
  const pieces = [];
  let size = 0;
  let offset = 0;
  let url = null;
  let begun = false;
  let length = null;
  let lengthSaid = false;
  let failures = 0;
  let stopped = false;
  let running = false;
  let wake = () => {};
  let settle = null;
  let other = null;
  let why = ""; // the server's own sentence, where it says why it takes no more

  const done = () => offset === size && (length === null || lengthSaid);

  async function run() {
    if (running) return;
    running = true;
    while (!stopped && !other && !done()) {
      try {
        await step();
        failures = 0;
        why = "";
        onProgress(size - offset, size);
      } catch (error) {
        failures += 1;
        why = error.says ?? "";
        if (error instanceof Gone) forget();
        if (length !== null && failures >= TRIES_AT_THE_END) break;
        await wait(WAITS_S[Math.min(failures, WAITS_S.length) - 1]);
      }
    }
    running = false;
    if (settle === null || stopped) return;
    if (done()) settle.resolve();
    else settle.reject(Object.assign(new Error("the line is down"), { says: why, other }));
    settle = null;
  }

  async function step() {
    if (!begun) {
      const body = new URLSearchParams({ known: [...known].join(" ") });
      const answer = await ask(begin, { method: "POST", headers: TUS, body }, [204, 409]);
      if (answer.status === 409) {
        other = await answer.json();
        onOther();
        return;
      }
      begun = true;
    }
    if (url === null) {
      const said = `for ${btoa("draft")},name ${btoa(name)}`;
      const headers = { ...TUS, "Upload-Defer-Length": "1", "Upload-Metadata": said };
      const answer = await ask("/uploads", { method: "POST", headers }, [200, 201]);
      url = answer.headers.get("Location");
      offset = Number(answer.headers.get("Upload-Offset") || 0);
      known.add(url.split("/").pop());
      return;
    }
    if (failures > 0) {
      offset = stands(await ask(url, { method: "HEAD", headers: TUS }, [200, 204]));
    }
    await send();
  }

  async function send() {
    const body = new Blob(pieces).slice(offset, offset + PIECE);
    const last = length !== null && offset + body.size === length;
    const headers = {
      ...TUS,
      "Content-Type": "application/offset+octet-stream",
      "Upload-Offset": String(offset),
    };
    if (last) headers["Upload-Length"] = String(length);
    const sum = await checksum(body);
    if (sum) headers["Upload-Checksum"] = sum;
    const options = { method: "PATCH", headers, body, keepalive: body.size < KEEPS_ALIVE };
    offset = stands(await ask(url, options, [204]));
    if (last && offset === length) lengthSaid = true;
  }

  function forget() {
    url = null;
    begun = false;
    offset = 0;
    lengthSaid = false;
  }

  function wait(seconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, seconds * 1000);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  const online = () => wake();
  window.addEventListener("online", online);

  return {
    add(blob) {
      if (stopped) return;
      pieces.push(blob);
      size += blob.size;
      onProgress(size - offset, size);
      run();
    },
    finish() {
      length = size;
      failures = 0;
      const finished = new Promise((resolve, reject) => (settle = { resolve, reject }));
      wake();
      run();
      return finished;
    },
    begun: () => begun,
    anew() {
      other = null;
      forget();
    },
    stop() {
      stopped = true;
      pieces.length = 0;
      window.removeEventListener("online", online);
      wake();
    },
  };
}

async function ask(url, options, good) {
  const answer = await fetch(url, { ...options, signal: AbortSignal.timeout?.(LONGEST_MS) });
  if (answer.status === 404 || answer.status === 410) throw new Gone(url);
  if (!good.includes(answer.status)) {
    const says = [429, 507].includes(answer.status) ? await answer.text() : "";
    throw Object.assign(new Error(`${answer.status} for ${url}`), { says });
  }
  return answer;
}

function stands(answer) {
  return Number(answer.headers.get("Upload-Offset"));
}

async function checksum(body) {
  if (!window.crypto?.subtle || body.size === 0) return null;
  const sum = await crypto.subtle.digest("SHA-256", await body.arrayBuffer());
  return `sha256 ${btoa(String.fromCharCode(...new Uint8Array(sum)))}`;
}
