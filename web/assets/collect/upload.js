// One sealed part to the server by tus: in pieces, each with its checksum, going on where it was.
import { DefaultHttpStack, Upload } from "tus-js-client/lib/browser/index.js";
import { toBase64 } from "./seal.js";

const LARGE = 512 * 1024;
const SMALL = 64 * 1024; // after a failed piece: a bad line carries small ones more often
const DELAYS_MS = [0, 1000, 3000, 5000, 10_000, 20_000, 60_000];
const WAIT_MS = 90_000; // a piece that takes longer than this is on a line that is gone

// The browser's own stack, with a checksum on every piece. Storybank's server knows sha256.
class Checked extends DefaultHttpStack {
  createRequest(method, address) {
    const request = super.createRequest(method, address);
    const plain = request.send.bind(request);
    request.getUnderlyingObject().timeout = WAIT_MS;
    request.send = async (piece) => {
      if (method === "PATCH" && piece) {
        const digest = await crypto.subtle.digest("SHA-256", await piece.arrayBuffer());
        request.setHeader("Upload-Checksum", `sha256 ${toBase64(new Uint8Array(digest))}`);
      }
      return Promise.race([plain(piece), timedOut(request)]);
    };
    return request;
  }
}

// Send `blob`. `known` is the address of an upload begun before, `onAddress(address)` tells a new
// one, `onProgress(bytes)` what has arrived, `signal` ends it. Rejects with the library's error.
export function upload(blob, { client, name, known, onAddress, onProgress, signal }) {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const sending = new Upload(blob, {
      endpoint: "/uploads",
      uploadUrl: known || null,
      metadata: { for: "collect", client, name },
      httpStack: new Checked(),
      chunkSize: LARGE,
      retryDelays: DELAYS_MS,
      storeFingerprintForResuming: false, // the address is kept with the story instead
      onUploadUrlAvailable: () => onAddress(sending.url),
      onProgress,
      onShouldRetry(error) {
        sending.options.chunkSize = SMALL;
        const status = statusOf(error);
        return navigator.onLine && (status === 0 || status >= 500 || [409, 423, 429, 460].includes(status));
      },
      onSuccess: () => resolve(),
      onError: reject,
    });
    signal.addEventListener("abort", () => sending.abort().catch(() => null).then(() => reject(signal.reason)));
    sending.start();
  });
}

export function statusOf(error) {
  return error?.originalResponse?.getStatus() ?? 0;
}

function timedOut(request) {
  return new Promise((_, reject) => {
    request.getUnderlyingObject().addEventListener("timeout", () => reject(new Error("timed out")));
  });
}
