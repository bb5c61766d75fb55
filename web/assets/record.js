// The page that records: Start, Pause, Stop, hear it, do it again. What is said is sent while it is
// said and held in this page's memory; on this device nothing is stored.
import { canRecord, startSound } from "./sound.js";
import { startSending } from "./spoken.js";

const SAY_EVERY_S = 60;
const SLOW_S = 4; // seconds of sound that may wait before it is worth a word
const SECOND_PRESS_MS = 700; // a press so soon after another was meant for the same button
const UNSEEN_MS = 300; // nobody has seen a button yet that was given the focus so short a time ago

const box = document.getElementById("recorder");
const part = (name) => document.getElementById(`recorder-${name}`);
const show = (...names) => names.forEach((name) => (part(name).hidden = false));
const hide = (...names) => names.forEach((name) => (part(name).hidden = true));
const clock = (s) => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}`;
const words = (name, n) =>
  box.querySelector(`[data-word="${name}"]`).textContent.trim().replace("{n}", n);
// What happened to the microphone stands before whatever is said next, until a new recording.
const say = (name, n) => tell(words(name, n));
const tell = (sentence) => (part("status").textContent = [happened, sentence].filter(Boolean).join(" "));

let sound = null;
let sending = null;
let slices = [];
let asking = null; // while the phone asks whether we may: a second tap begins no second recording
let going = false;
let paused = false;
let soundUrl = null;
let happened = "";
let name = "";
let pressed = { at: -SECOND_PRESS_MS, what: null }; // the last press, and what it was meant for
let moved = 0; // when the focus went to another button since; 0 where it did not
let known = null; // what stands for each recording that this page has shown, or made itself
let other = null; // one that another page made, and that the teller was told of

function focusOn(element) {
  moved = performance.now();
  element.focus();
}

function ignoreSecondPress(event) {
  const what = event.target.closest("button, a");
  const now = performance.now();
  const quick = now - pressed.at < SECOND_PRESS_MS || now - moved < UNSEEN_MS;
  if (moved && quick && what !== pressed.what) {
    event.preventDefault();
    event.stopPropagation();
    pressed.at = now;
    return;
  }
  pressed = { at: now, what };
  moved = 0;
}

// A key that is held presses again and again: only the first time was meant.
function ignoreHeldKey(event) {
  if (event.repeat && ["Enter", " "].includes(event.key)) event.preventDefault();
}

async function start() {
  if (asking || going) return;
  asking = new AbortController();
  show("cancel");
  const { signal } = asking;
  await begin(signal).finally(() => {
    asking = null;
    hide("cancel");
  });
  if (signal.aborted) notAsked();
}

async function begin(signal) {
  hide("refused", "other", "instead");
  happened = "";
  say("asking");
  try {
    sound = await startSound({ onSlice: add, onLost: lost, onLevel: draw, seconds: tick, signal });
  } catch {
    if (signal.aborted) return;
    hide("start");
    show("refused", "file");
    say("refused");
    focusOn(part("refused-title"));
    return;
  }
  sending?.stop();
  slices = []; // not before: what was said earlier stays where the microphone is not given
  name = `voice-${[...crypto.getRandomValues(new Uint8Array(8))].map((n) => n.toString(16)).join("")}`;
  const { begin } = box.dataset;
  sending = startSending({ begin, name, known, onProgress: progress, onOther: () => stop() });
  going = true;
  paused = false;
  document.getElementById("recorder-half")?.remove();
  hide("start", "file", "sound", "next", "again", "retry", "save");
  show("pause", "stop", "time", "meter", "sent");
  part("sent").textContent = "";
  part("clock").textContent = clock(0);
  say("started");
  focusOn(part("stop"));
}

// Nobody waits any more for the microphone: all is as it was before it was asked for.
function notAsked() {
  const unsent = slices.length && !known.has(name);
  if (unsent) show("retry");
  say(unsent ? "not-sent-yet" : "ready");
  focusOn(part("start").hidden ? part("again") : part("start"));
}

function add(slice) {
  slices.push(slice);
  sending?.add(slice);
}

function lost(reason) {
  if (reason === "silent") say("silent");
  else if (reason === "back") say("goes-on");
  else stop("taken");
}

function tick(seconds) {
  part("clock").textContent = clock(seconds);
  const most = Number(box.dataset.mostMinutes) * 60;
  if (seconds % SAY_EVERY_S === 0) say("minutes", seconds / 60);
  if (seconds === most - 120) say("soon-over");
  if (seconds >= most) stop();
}

function progress(left, all) {
  const waiting = Math.ceil((left / Math.max(all, 1)) * (sound?.length() || 0));
  if (going) {
    part("sent").textContent = waiting > SLOW_S ? words("sent-later", waiting) : words("sent-all");
  } else if (waiting > 1) {
    say("sending-rest", waiting);
  }
}

function pause() {
  paused = !paused;
  if (paused) sound.pause();
  else sound.resume();
  part("pause").textContent = words(paused ? "carry-on" : "pause");
  say(paused ? "paused" : "goes-on");
}

async function stop(why) {
  if (!going) return;
  going = false;
  await sound.stop();
  if (soundUrl) URL.revokeObjectURL(soundUrl);
  soundUrl = URL.createObjectURL(new Blob(slices, { type: sound.kind }));
  part("sound").src = soundUrl;
  part("save").href = soundUrl;
  part("save").download = sound.kind.includes("mp4") ? "my-story.m4a" : "my-story.webm";
  part("pause").textContent = words("pause");
  hide("pause", "stop", "meter", "sent");
  show("sound");
  if (why) happened = words(why);
  finish();
}

async function finish() {
  hide("retry", "save", "again", "next", "other", "instead");
  say("sending");
  let answer;
  try {
    await sending.finish();
    answer = await keep();
    if (answer.status === 404) {
      sending.anew(); // it was forgotten there, and is still here
      await sending.finish();
      answer = await keep();
    }
    if (answer.status === 409) return notAlone(await answer.json());
  } catch (error) {
    return error.other ? notAlone(error.other) : notKept(error.says || words("broke"));
  }
  const text = await answer.text();
  if (answer.status === 201) kept(text);
  else notKept(text || words("not-sent"));
}

function keep() {
  const body = new URLSearchParams({ name, known: [...known].join(" ") });
  return fetch(box.dataset.keep, { method: "POST", headers: { Accept: "text/plain" }, body });
}

function kept(next) {
  sending.stop();
  known.add(name);
  part("next").href = next;
  show("next", "again");
  say("kept");
  focusOn(part("next"));
}

// Another page of this browser made a recording, too: which of them is sent is for the teller to say.
function notAlone(its) {
  other = its;
  part("other-sound").src = other.sound;
  part("other-next").href = other.goes_on;
  show("other", "instead", "save", "again");
  say("not-sent-yet");
  focusOn(part("other-title"));
}

function acceptOther() {
  other?.known.split(" ").forEach((one) => known.add(one));
  other = null;
}

function useInstead() {
  acceptOther();
  if (!sending.begun()) sending.anew();
  finish();
}

function again() {
  acceptOther();
  start();
}

function notKept(why) {
  show("retry", "save", "again");
  tell(why);
  focusOn(part("retry"));
}

function inAHurry() {
  return document.body.classList.contains("govuk-exit-this-page-hide-content");
}

function drop() {
  // Somebody must not see this page: no question on the way out, and no more sending, which would
  // begin anew once the cookie is gone.
  going = false;
  asking?.abort();
  sending?.stop();
  sound?.stop();
}

function draw(level) {
  const canvas = part("meter");
  const pen = canvas.getContext("2d");
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = "#17524f";
  pen.fillRect(0, 0, canvas.width * Math.min(1, level * 1.6), canvas.height);
}

if (box && canRecord()) {
  box.hidden = false;
  hide("file");
  known = new Set(box.dataset.known.split(" ").filter(Boolean));
  box.addEventListener("click", ignoreSecondPress, true);
  box.addEventListener("keydown", ignoreHeldKey);
  part("start").addEventListener("click", start);
  part("cancel").addEventListener("click", () => asking?.abort());
  part("again").addEventListener("click", again);
  part("instead").addEventListener("click", useInstead);
  part("pause").addEventListener("click", pause);
  part("stop").addEventListener("click", () => stop());
  part("retry").addEventListener("click", () => asking ? asking.abort() : finish());
  window.addEventListener("beforeunload", (e) => {
    if (inAHurry()) drop();
    else if (going) e.preventDefault();
  });
}
