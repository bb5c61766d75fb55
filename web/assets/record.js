// The recorder: Start, Pause, Stop, hear it, do it again. The sound is kept in memory in slices of
// one second and sent as soon as it is stopped; on this device nothing is stored.
const SLICE_MS = 1000; // Safari gives empty slices below one second
const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
const SAY_EVERY_S = 60;

const box = document.getElementById("recorder");
const part = (name) => document.getElementById(`recorder-${name}`);
const show = (...names) => names.forEach((name) => (part(name).hidden = false));
const hide = (...names) => names.forEach((name) => (part(name).hidden = true));
const say = (text) => (part("status").textContent = text);
const clock = (s) => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}`;

let recorder = null;
let stream = null;
let slices = [];
let seconds = 0;
let ticker = null;
let soundUrl = null;
let lastSound = null;

function kind() {
  // Safari plays its own mp4 best, although newer ones can write webm.
  const safari = /^((?!chrome|android).)*safari/i.test(navigator.userAgent);
  const order = safari ? ["audio/mp4", ...KINDS] : KINDS;
  return order.find((k) => MediaRecorder.isTypeSupported(k)) || "";
}

async function start() {
  hide("refused");
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch {
    hide("start");
    show("refused", "file");
    say("The microphone is switched off for this page.");
    part("refused-title").focus();
    return;
  }
  slices = [];
  seconds = 0;
  const type = kind();
  recorder = new MediaRecorder(stream, type ? { mimeType: type } : {});
  recorder.addEventListener("dataavailable", (e) => e.data.size > 0 && slices.push(e.data));
  recorder.addEventListener("stop", finish);
  for (const track of stream.getAudioTracks()) {
    track.addEventListener("ended", stop);
    track.addEventListener("mute", () => say("We cannot hear anything. Is the microphone covered?"));
    track.addEventListener("unmute", () => say("Recording goes on."));
  }
  recorder.start(SLICE_MS);
  ticker = setInterval(tick, 1000);
  drawLevel();
  hide("start", "file", "sound", "next", "again", "retry", "save");
  show("pause", "stop", "time", "meter");
  part("clock").textContent = clock(0);
  say("Recording started.");
  part("stop").focus();
}

function tick() {
  if (recorder.state !== "recording") return;
  seconds += 1;
  part("clock").textContent = clock(seconds);
  const most = Number(box.dataset.mostMinutes) * 60;
  if (seconds % SAY_EVERY_S === 0) say(`Recording: ${seconds / 60} minutes so far.`);
  if (seconds === most - 120) say("2 minutes are left. Stop soon, then you can send another part.");
  if (seconds >= most) stop();
}

function pause() {
  if (recorder.state === "recording") {
    recorder.pause();
    part("pause").textContent = "Carry on";
    say("Recording paused.");
  } else {
    recorder.resume();
    part("pause").textContent = "Pause";
    say("Recording goes on.");
  }
}

function stop() {
  if (recorder && recorder.state !== "inactive") recorder.stop();
}

function finish() {
  clearInterval(ticker);
  stream.getTracks().forEach((track) => track.stop());
  lastSound = new Blob(slices, { type: recorder.mimeType });
  if (soundUrl) URL.revokeObjectURL(soundUrl);
  soundUrl = URL.createObjectURL(lastSound);
  part("sound").src = soundUrl;
  part("save").href = soundUrl;
  part("save").download = recorder.mimeType.includes("mp4") ? "my-story.m4a" : "my-story.webm";
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

function drawLevel() {
  const context = new AudioContext();
  const listener = context.createAnalyser();
  listener.fftSize = 512;
  context.createMediaStreamSource(stream).connect(listener);
  const samples = new Uint8Array(listener.fftSize);
  const canvas = part("meter");
  const pen = canvas.getContext("2d");
  const draw = () => {
    if (!recorder || recorder.state === "inactive") {
      context.close();
      return;
    }
    listener.getByteTimeDomainData(samples);
    const loudest = samples.reduce((most, s) => Math.max(most, Math.abs(s - 128)), 0) / 128;
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.fillStyle = "#17524f";
    pen.fillRect(0, 0, canvas.width * Math.min(1, loudest * 1.6), canvas.height);
    requestAnimationFrame(draw);
  };
  draw();
}

if (box && window.MediaRecorder && navigator.mediaDevices?.getUserMedia) {
  box.hidden = false;
  hide("file");
  part("start").addEventListener("click", start);
  part("again").addEventListener("click", start);
  part("pause").addEventListener("click", pause);
  part("stop").addEventListener("click", stop);
  part("retry").addEventListener("click", send);
  window.addEventListener("beforeunload", (e) => {
    if (recorder && recorder.state !== "inactive") e.preventDefault();
  });
}
