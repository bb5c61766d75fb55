// The app: which page is shown, who is signed in, and when the queue is sent.
import { h } from "./dom.js";
import { showList } from "./list.js";
import { makeReady } from "./ready.js";
import { isUntold } from "./say.js";
import { sendWaiting, whoIsHere, whoWasHere } from "./sending.js";
import { settleCutOff } from "./story.js";
import { changeItem, dropItem, forgetMe, items, onChange } from "./store.js";

const EVERY_MS = 30_000;
const PATIENCE_MS = 3000; // who was here before may go on; on a bad line the answer takes a minute
const AHEAD_MS = 60 * 60 * 1000;
const REMEMBERED_MS = 30 * 24 * 60 * 60 * 1000;
const NO_STORE = "This browser does not let us keep anything on this device, so a story could be lost. Leave private browsing, or make room, and open the page again.";
const FAILED = "Something on this phone did not work. What is in your list is still kept. Try it again.";
const LEFT_COOKIE = "storybank-left"; // set by the server when somebody signs out on another page

export async function start(root) {
  const app = {
    root,
    me: null,
    session: "unknown",
    percent: new Map(), // client -> how much has been sent, while it is being sent
    ready: null, // whether the page opens without a connection (ready.js)
    open: false, // a page is shown
    busy: false, // a story is being made: nothing may take its page away
    back: null, // what the phone's own Back does on this page
    refresh: null, // the page that is shown, when it wants to hear of changes
    show: (title, ...children) => show(app, title, children),
    say: (sentence) => (document.getElementById("say").textContent = sentence),
    list: () => ((app.open = true), showList(app)),
    look: () => look(app),
  };
  const cannot = whyNot();
  if (cannot) return app.show("Record stories", h("p.govuk-body", {}, cannot));
  makeReady(app);
  const readable = await items().catch(() => null);
  if (!readable) return app.show("Record stories", h("p.govuk-body", {}, NO_STORE));
  // A full phone may not even write that; what waits is sent all the same, and makes room.
  await settleCutOff().then(forgetOld).catch(() => null);
  for (const name of ["online", "focus"]) {
    window.addEventListener(name, () => look(app));
    window.addEventListener(name, () => makeReady(app));
  }
  window.addEventListener("unhandledrejection", () => app.say(FAILED));
  onChange(() => app.refresh?.());
  window.addEventListener("popstate", () => {
    app.back?.();
    stayInside(app);
  });
  window.addEventListener("offline", () => app.refresh?.());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look(app));
  window.addEventListener("beforeunload", (event) => app.busy && event.preventDefault());
  setInterval(() => settleCutOff().then(() => somethingWaits(app)).then((waits) => waits && look(app)), EVERY_MS);
  setTimeout(() => openAsBefore(app), PATIENCE_MS);
  await look(app);
}

// Where nothing has answered yet, open for who was here before, as without a connection.
async function openAsBefore(app) {
  const me = await whoWasHere().catch(() => null);
  if (app.open) return;
  Object.assign(app, { me, session: me ? "asking" : "unknown" });
  await app.list();
}

function whyNot() {
  if (!window.isSecureContext) return "This page locks what it keeps, and can do so only over https. Open it by its https address.";
  const needed = [window.indexedDB, navigator.locks, crypto.subtle, crypto.randomUUID, AbortSignal.timeout];
  return needed.every(Boolean) ? null : "This browser is too old to keep stories safe. Use a newer one, or write up the story at /worker/new.";
}

// See who is here, show it where nothing is being made, and send what waits.
async function look(app) {
  if (app.looking) return app.looking;
  app.looking = (async () => {
    await leaveIfAsked();
    await settleCutOff().catch(() => null); // of other windows; where it cannot be written, next time
    const answer = await whoIsHere();
    const before = stands(app);
    Object.assign(app, answer);
    const other = stands(app) !== before;
    if (!app.open || (other && !app.busy)) await app.list();
    else await app.refresh?.();
    if (app.session === "on") await send(app);
  })().finally(() => (app.looking = null));
  return app.looking;
}

// Who is here; where nobody is, what is known of that.
function stands(app) {
  return app.me?.worker.id ?? app.session;
}

async function send(app) {
  const ended = await sendWaiting(app.me, {
    progress(client, percent) {
      if (app.percent.get(client) === percent) return;
      if (percent === null) app.percent.delete(client);
      else app.percent.set(client, percent);
      app.refresh?.(client);
    },
    async changed(client) {
      await app.refresh?.(client);
      await sayIfSafe(app, client);
    },
  });
  if (ended === "sign-in") app.session = "off";
  await app.refresh?.();
}

async function sayIfSafe(app, client) {
  const item = app.me && (await items(app.me.worker.id)).find((one) => one.client === client);
  if (item?.state === "safe") app.say(`A story is safe. Its reference is ${item.reference}.`);
}

async function somethingWaits(app) {
  return app.me && (await items(app.me.worker.id)).some((item) => item.state === "waiting" || isUntold(item));
}

// The reference of a story that is safe stays for thirty days. One that a clock dated which ran ahead
// waits from now on: it could not be warned of otherwise.
async function forgetOld() {
  const now = Date.now();
  for (const item of await items()) {
    if (item.ended && !isUntold(item) && now - Date.parse(item.ended) > REMEMBERED_MS) {
      await dropItem(item.client);
    } else if (Date.parse(item.made) - now > AHEAD_MS) {
      await changeItem(item.client, { made: new Date(now).toISOString() });
    }
  }
}

async function leaveIfAsked() {
  if (!document.cookie.split("; ").includes(`${LEFT_COOKIE}=1`)) return;
  await forgetMe();
  document.cookie = `${LEFT_COOKIE}=; path=/collect/; max-age=0`;
}

function show(app, title, children) {
  const heading = h("h1.govuk-heading-l", { tabindex: "-1" }, title);
  app.refresh = app.back = null;
  app.say("");
  stayInside(app);
  app.root.replaceChildren(heading, ...children.flat().filter(Boolean));
  document.title = `${title} – Storybank`;
  window.scrollTo(0, 0);
  heading.focus({ preventScroll: true });
}

// One step of the browser's history stands for "somewhere inside", so that Back does not leave.
function stayInside(app) {
  queueMicrotask(() => app.back && !history.state?.inside && history.pushState({ inside: true }, ""));
}
