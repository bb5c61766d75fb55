// The page that records: Start, Pause, Stop, hear it, do it again. The sound is kept in memory and
// sent as soon as it is stopped; on this device nothing is stored.
import { canRecord, startSound } from "./sound.js";

const SAY_EVERY_S = 60;

const box = document.getElementById("recorder");
const part = (name) => document.getElementById(`recorder-${name}`);
const show = (...names) => names.forEach((name) => (part(name).hidden = false));
const hide = (...names) => names.forEach((name) => (part(name).hidden = true));
const say = (text) => (part("status").textContent = text);
const clock = (s) => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}`;

let sound = null;
let going = false;
let paused = false;
let slices = [];
let soundUrl = null;
let lastSound = null;

async function start() {
  hide("refused");
  slices = [];
  try {
    sound = await startSound({ onSlice: (slice) => slices.push(slice), onLost: lost, onLevel: draw, seconds: tick });
  } catch {
    hide("start");
    show("refused", "file");
    say("The microphone is switched off for this page.");
    part("refused-title").focus();
    return;
  }
  going = true;
  paused = false;
  hide("start", "file", "sound", "next", "again", "retry", "save");
  show("pause", "stop", "time", "meter");
  part("clock").textContent = clock(0);
  say("Recording started.");
  part("stop").focus();
}

function lost(reason) {
  if (reason === "silent") say("We cannot hear anything. Is the microphone covered?");
  else if (reason === "back") say("Recording goes on.");
  else stop();
}

function tick(seconds) {
  part("clock").textContent = clock(seconds);
  const most = Number(box.dataset.mostMinutes) * 60;
  if (seconds % SAY_EVERY_S === 0) say(`Recording: ${seconds / 60} minutes so far.`);
  if (seconds === most - 120) say("2 minutes are left. Stop soon, then you can send another part.");
  if (seconds >= most) stop();
}

function pause() {
  paused = !paused;
  if (paused) sound.pause();
  else sound.resume();
  part("pause").textContent = paused ? "Carry on" : "Pause";
  say(paused ? "Recording paused." : "Recording goes on.");
}

async function stop() {
  if (!going) return;
  going = false;
  await sound.stop();
  lastSound = new Blob(slices, { type: sound.kind });
  if (soundUrl) URL.revokeObjectURL(soundUrl);
  soundUrl = URL.createObjectURL(lastSound);
  part("sound").src = soundUrl;
  part("save").href = soundUrl;
  part("save").download = sound.kind.includes("mp4") ? "my-story.m4a" : "my-story.webm";
  part("pause").textContent = "Pause";
  hide("pause", "stop", "meter");
  show("sound");
  send();
}

function send() {
  hide("retry", "save", "again", "next");
  say("Sending your recording…");
  // XMLHttpRequest, since fetch cannot say how much has been sent.
  const request = new XMLHttpRequest();
  request.open("POST", box.dataset.to);
  request.setRequestHeader("Content-Type", lastSound.type.split(";")[0] || "audio/webm");
  request.setRequestHeader("Accept", "text/plain");
  request.upload.addEventListener("progress", (e) => {
    if (e.lengthComputable && e.loaded < e.total) {
      say(`Sending your recording: ${Math.floor((100 * e.loaded) / e.total)} %`);
    }
  });
  request.addEventListener("load", () => {
    if (request.status === 201) kept(request.responseText);
    else notKept(request.responseText || "It could not be sent.");
  });
  request.addEventListener("error", () => notKept("The connection broke. Your recording is still on this page."));
  request.send(lastSound);
}

function kept(next) {
  part("next").href = next;
  show("next", "again");
  say("Your recording is kept safe. You can hear it now, or go on.");
  part("next").focus();
}

function notKept(why) {
  show("retry", "save", "again");
  say(why);
  part("retry").focus();
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
  part("start").addEventListener("click", start);
  part("again").addEventListener("click", start);
  part("pause").addEventListener("click", pause);
  part("stop").addEventListener("click", stop);
  part("retry").addEventListener("click", send);
  window.addEventListener("beforeunload", (e) => going && e.preventDefault());
}
