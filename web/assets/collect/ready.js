// Whether this phone opens the recorder without a connection: the service worker keeps all of it.
import { h } from "./dom.js";

const WORKER = "/collect/sw.js";
const ANSWER_WITHIN_MS = 60_000; // the worker may have to fetch again what the phone threw away
const SAYS = {
  looking: "", // it was ready before: most likely it is, and is so in a moment
  getting: "Getting this phone ready to work without a connection. Keep it connected for a moment.",
  ready: "Ready to work without a connection.",
  failed: "This phone is not ready to work without a connection. Check the connection, and open this page again. Until it is ready, do not close this page while you are out.",
  cannot: "This browser cannot open this page without a connection. Leave private browsing, or use another browser.",
};

// Keep the recorder on the phone. `app.ready` is what is known of it; called again, it tries what failed.
export async function makeReady(app) {
  if (app.ready && (app.ready !== "failed" || !navigator.onLine)) return;
  const workers = navigator.serviceWorker;
  if (!workers) return tell(app, "cannot");
  tell(app, workers.controller ? "looking" : "getting");
  const kept = await register(app).catch(() => null);
  const whole = kept && (await activated(kept)) && (await isWhole(kept.active).catch(() => false));
  tell(app, whole ? "ready" : "failed");
  if (whole) await forgetEarlier(kept);
}

// The line of the list that says it. It is read aloud when it changes, and only while there is
// something to wait for: an opening like every other has nothing to say.
export function readyLine() {
  return h("p.sb-ready");
}

export function drawReady(app, line) {
  const quiet = ["looking", "ready"].includes(app.ready);
  if (!quiet) line.setAttribute("role", "status");
  line.classList.toggle("sb-ready--not", !quiet);
  const says = SAYS[app.ready] ?? "";
  if (line.textContent !== says) line.textContent = says;
}

function tell(app, ready) {
  app.ready = ready;
  app.refresh?.();
}

function register(app) {
  app.worker ??= trusted();
  return navigator.serviceWorker.register(app.worker, { scope: "/collect" });
}

function trusted() {
  const policy = window.trustedTypes?.createPolicy("storybank-worker", {
    createScriptURL: (asked) => {
      if (asked !== WORKER) throw new TypeError("not the recorder's own worker");
      return asked;
    },
  });
  return policy ? policy.createScriptURL(WORKER) : WORKER;
}

// Wait until a worker stands, or could not be set up: then there is none, and no "ready" ever comes.
function activated(kept) {
  const coming = kept.installing ?? kept.waiting;
  if (kept.active || !coming) return Boolean(kept.active);
  return new Promise((resolve) => {
    const look = () => ["activated", "redundant"].includes(coming.state) && resolve(coming.state === "activated");
    coming.addEventListener("statechange", look);
    look();
  });
}

// Ask the worker whether it has every file; it fetches what is missing before it answers.
function isWhole(worker) {
  return new Promise((resolve, reject) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (event) => resolve(event.data === "whole");
    setTimeout(() => reject(new Error("no answer")), ANSWER_WITHIN_MS);
    worker.postMessage("whole?", [port2]);
  });
}

// Phones that knew the recorder earlier keep it once more, for /collect/ only: not twice for good.
async function forgetEarlier(kept) {
  const earlier = await navigator.serviceWorker.getRegistration("/collect/");
  if (earlier && earlier.scope !== kept.scope) await earlier.unregister();
}
