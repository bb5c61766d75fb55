// The recorder itself, without a page: it asks for the microphone and hands out the sound in slices
// of one second as it is spoken. What becomes of the slices is for the caller to say.
//
//   const sound = await startSound({ onSlice, onLost, onLevel, seconds, signal });
//     onSlice(blob, index)  some sound; without slice 0 nothing of the rest can be played
//     onLost(reason)        "silent": the microphone hears nothing (covered, or a phone call)
//                           "back": it hears again    "ended": it was taken away, recording is over
//                           "failed": the browser cannot go on, recording is over
//     onLevel(level)        how loud it is, 0 to 1, twelve times a second; not at all where
//                           the browser does not let us measure it
//     seconds(n)            n whole seconds are recorded, pauses left out
//     signal                of an AbortController: the microphone is not waited for any more, and is
//                           switched off at once where the answer comes later
//   sound.kind              the type of the sound, such as "audio/webm;codecs=opus"
//   sound.pause() .resume() .flush()    flush hands out at once what has not been handed out yet
//   await sound.stop()      the last slice has been handed out, the microphone is let go
//   sound.length()          seconds recorded so far, with fractions
//
// Every one of these may be left out. Where the microphone is refused or missing,
// startSound rejects with the browser's own error (its name is NotAllowedError, NotFoundError ...).
const SLICE_MS = 1000; // Safari gives empty slices below one second
const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
const LOOK_EVERY_MS = 85;
const END_WITHIN_MS = 3000; // a broken recorder may never say that it ended
const nothing = () => {};

export function canRecord() {
  return Boolean(window.MediaRecorder && navigator.mediaDevices?.getUserMedia);
}

export async function startSound({ onSlice = nothing, onLost = nothing, onLevel, seconds = nothing, signal = null }) {
  const stream = await microphone(signal);
  const type = bestKind();
  let recorder;
  try {
    recorder = new MediaRecorder(stream, { ...(type && { mimeType: type }), audioBitsPerSecond: bits(type) });
  } catch (error) {
    letGo(stream);
    throw error;
  }
  const clock = stopwatch(seconds);
  const awake = stayAwake();
  let index = 0;
  let over;
  let asked = false;
  let closed = false;
  const ended = new Promise((resolve) => (over = resolve));
  const finish = () => {
    closed = true;
    clock.stop();
    awake.end();
    letGo(stream);
    over();
  };

  recorder.addEventListener("dataavailable", (e) => {
    if (e.data.size > 0 && !closed) onSlice(e.data, index++);
  });
  recorder.addEventListener("error", () => onLost("failed"));
  recorder.addEventListener("stop", () => {
    finish();
    if (!asked) onLost("ended");
  });
  for (const track of stream.getAudioTracks()) {
    track.addEventListener("mute", () => onLost("silent"));
    track.addEventListener("unmute", () => onLost("back"));
    track.addEventListener("ended", () => recorder.state !== "inactive" && recorder.stop());
  }
  recorder.start(SLICE_MS);
  clock.run();
  if (onLevel) tryToWatch(stream, recorder, onLevel);

  return {
    kind: recorder.mimeType || type || "audio/webm",
    length: clock.read,
    pause() {
      if (recorder.state !== "recording") return;
      recorder.pause();
      clock.rest();
    },
    resume() {
      if (recorder.state !== "paused") return;
      recorder.resume();
      clock.run();
    },
    flush() {
      if (recorder.state !== "inactive") recorder.requestData();
    },
    stop() {
      asked = true;
      if (recorder.state !== "inactive") recorder.stop();
      setTimeout(finish, END_WITHIN_MS);
      return ended;
    },
  };
}

// A question whether we may listen can stay open for as long as nobody answers it.
function microphone(signal) {
  return new Promise((resolve, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    const heard = (stream) => (signal?.aborted ? letGo(stream) : resolve(stream));
    navigator.mediaDevices.getUserMedia({ audio: true }).then(heard, reject);
  });
}

function bestKind() {
  // Safari plays its own mp4 best, although newer ones can write webm.
  const safari = /^((?!chrome|android).)*safari/i.test(navigator.userAgent);
  const order = safari ? ["audio/mp4", ...KINDS] : KINDS;
  return order.find((kind) => MediaRecorder.isTypeSupported(kind)) || "";
}

function bits(kind) {
  // Speech needs no more; browsers take four times as much, and a village's line cannot carry it.
  return kind.includes("opus") ? 32_000 : 64_000;
}

function letGo(stream) {
  stream.getTracks().forEach((track) => track.stop());
}

function stopwatch(say) {
  // By the clock, not by counting ticks: a tab in the background ticks seldom.
  let before = 0;
  let since = null;
  let said = 0;
  const read = () => (before + (since === null ? 0 : performance.now() - since)) / 1000;
  const ticker = setInterval(() => {
    while (said < Math.floor(read())) say(++said);
  }, 200);
  return {
    read,
    run: () => (since = performance.now()),
    rest() {
      if (since !== null) before += performance.now() - since;
      since = null;
    },
    stop() {
      this.rest();
      clearInterval(ticker);
    },
  };
}

function stayAwake() {
  // The lock is lost each time the page is hidden, and has to be taken again. A phone without it
  // only goes dark sooner, so a refusal is no reason to say anything.
  let lock = null;
  let done = false;
  const take = async () => {
    if (document.visibilityState !== "visible" || !navigator.wakeLock) return;
    try {
      lock = await navigator.wakeLock.request("screen");
      if (done) lock.release();
    } catch {
      lock = null;
    }
  };
  document.addEventListener("visibilitychange", take);
  take();
  return {
    end() {
      done = true;
      document.removeEventListener("visibilitychange", take);
      lock?.release();
    },
  };
}

// Measuring is a help. Where the browser refuses it, the recording goes on without.
function tryToWatch(stream, recorder, onLevel) {
  try {
    watchLevel(stream, recorder, onLevel);
  } catch {
    return;
  }
}

function watchLevel(stream, recorder, onLevel) {
  const context = new AudioContext();
  const listener = context.createAnalyser();
  listener.fftSize = 4096; // at 48 kHz, what was heard since the look before
  context.createMediaStreamSource(stream).connect(listener);
  const samples = new Uint8Array(listener.fftSize);
  const look = () => {
    if (recorder.state === "inactive") {
      clearInterval(ticker);
      context.close();
      return;
    }
    listener.getByteTimeDomainData(samples);
    // A context that is held back hears nothing: that is no level.
    if (context.state === "running") onLevel(samples.reduce((most, s) => Math.max(most, Math.abs(s - 128)), 0) / 128);
  };
  // Not with each frame: drawing sixty times a second is what would drain the phone most.
  const ticker = setInterval(look, LOOK_EVERY_MS);
}
