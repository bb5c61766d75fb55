// The recorder box: start, pause, stop, hear it again. Every slice is sealed and on the phone's
// disk before the next one comes; what takes the microphone away is said in words, and the
// recording goes on in a new part.
import { startSound } from "../sound.js";
import { reasonNotTo, refusal } from "./microphone.js";
import { after, drawLevel, HEARS_NOTHING, letRest, partsOf, players, rests, WORDS } from "./recorder_look.js";
import { clock, counted } from "./say.js";
import { dropPart, newPart } from "./story.js";

const AWAY_S = 2; // shorter gaps are nothing that anybody would notice
const WARN_S = 120;
const LET_GO_MS = 1000;
const MOST_PARTS = 90; // the server takes a hundred of one story

// `nextName()` names the part that begins; `once`: there is one part only, and a new recording
// replaces the one before; `most` is its longest in seconds. `whyNot({ seconds, bytes, loudest })`
// says why a recording cannot be used, or null: such a one is not kept. `prepare()` is awaited
// before each. `onState(state)`: "idle" | "recording" | "paused" | "stopped". Gives { element, state, stop }.
export function recorderBox(app, story, options) {
  const usual = { once: false, most: story.me.limits.minutes * 60, whyNot: () => null, onState: () => {}, prepare: () => null };
  const box = new Recorder(app, story, { ...usual, ...options, labels: { ...WORDS, ...options.labels } });
  box.to("idle");
  return box;
}

class Recorder {
  constructor(app, story, options) {
    const none = { sound: null, part: null, before: 0, loudest: null, names: [], starting: false };
    Object.assign(this, { app, story, ...options, state: "idle", ...none }, partsOf(options.labels, this));
    this.onVisible = () => this.hiddenOrBack();
    document.addEventListener("visibilitychange", this.onVisible);
  }

  to(state) {
    this.state = state;
    const live = state === "recording" || state === "paused";
    this.startButton.hidden = live;
    this.pauseButton.hidden = this.stopButton.hidden = !live;
    this.meter.hidden = state !== "recording";
    this.timeLine.hidden = state === "idle";
    this.startButton.firstChild.textContent = state === "stopped" ? this.labels.more : this.labels.start;
    this.startButton.classList.toggle("govuk-button--secondary", state === "stopped");
    this.pauseButton.firstChild.textContent = state === "paused" ? "Carry on" : "Pause";
    this.onState(state);
  }

  say(sentence) {
    this.status.textContent = sentence;
  }

  get seconds() {
    return this.before + (this.sound?.length() ?? 0);
  }

  // However often it is tapped, one recording begins: nothing is waited for before that is sure.
  async start() {
    if (this.starting || this.sound || this.ending || rests(this.startButton)) return;
    const focused = this.startButton === document.activeElement;
    this.starting = this.startButton.disabled = true;
    this.stopAsked = this.cancelButton.hidden = false;
    await this.tryToStart().catch(() => this.say("Recording could not begin. Try again."));
    const { unwanted } = this;
    this.starting = this.startButton.disabled = false;
    this.cancelButton.hidden = true;
    if (this.sound && unwanted) return this.stop();
    if (this.sound) this.stopButton.focus();
    else if (focused && [document.body, this.cancelButton].includes(document.activeElement)) this.startButton.focus();
  }

  async tryToStart() {
    this.help.hidden = true;
    const full = this.names.length >= MOST_PARTS && "This story has very many parts. Keep it, and go on in a new one.";
    const no = full || (await reasonNotTo());
    if (no || this.unwanted) return this.say(no || this.labels.ready);
    this.say("Your browser asks if we may use the microphone.");
    const unwritten = await Promise.resolve(this.prepare()).then(() => null, (error) => error);
    if (unwritten) return this.say("This phone could not write it down. Make room on it, then try again.");
    if (this.once) await this.dropAll();
    this.broken = false; // and not for each part: why the last one ended has to be said
    const failed = await this.begin().then(() => null, (error) => error);
    this.help.hidden = failed?.name !== "NotAllowedError";
    if (failed) return this.notBegun(failed);
    this.again.replaceChildren();
    this.say("Recording started.");
    this.to("recording");
  }

  // Whether nobody wants any more the recording that is just beginning: its page is gone.
  get unwanted() {
    return this.starting && (this.stopAsked || !this.element.isConnected);
  }

  notBegun(error) {
    if (this.once) { this.to("idle"); this.showSounds(); } // what was there before is gone
    this.say(this.unwanted ? this.labels.ready : refusal(error));
  }

  async dropAll() {
    for (const name of this.names) await dropPart(this.story, name);
    Object.assign(this, { names: [], before: 0, loudest: null });
  }

  // Open the microphone and begin a part. Slices wait for the part's key, in order.
  async begin() {
    const name = this.nextName();
    let ready;
    const writer = new Promise((resolve) => (ready = resolve));
    let sound = null;
    this.asking = new AbortController(); // a question that nobody answers must not hold the page
    const now = () => sound && sound === this.sound; // an older one has nothing to say any more
    this.sound = sound = await startSound({
      onSlice: (blob) => {
        const seconds = sound?.length() ?? 0;
        writer.then((part) => part.write(blob, seconds)).catch((error) => this.notWritten(error));
      },
      onLost: (reason) => now() && this.lost(reason),
      onLevel: (level) => now() && this.draw(level),
      seconds: () => now() && this.tick(),
      signal: this.asking.signal,
    });
    this.silent = false;
    try {
      if (this.unwanted) throw new Error("not wanted any more");
      this.part = await newPart(this.story, name, this.sound.kind);
    } catch (error) {
      await this.sound.stop();
      this.sound = null;
      throw error;
    }
    if (!this.names.includes(name)) this.names.push(name);
    ready(this.part);
  }

  // End the part that runs; its last slice is on the disk when this is done.
  async end() {
    const { sound, part } = this;
    if (!sound) return;
    await sound.stop();
    await Promise.resolve(); // let the last slice be handed to the part
    await part.written().catch(() => null); // told already by notWritten
    this.before += sound.length();
    this.sound = null;
  }

  async stop(sentence = "Stopped. It is kept on this phone.") {
    const beginning = this.ending || this.starting;
    if (beginning) this.stopAsked = true; // a part is just beginning: it stops as it begins
    if (beginning) this.asking?.abort();
    if (beginning || (!this.sound && this.state !== "paused")) return;
    this.ending = true;
    this.stopAsked = false;
    await this.end();
    this.ending = false;
    await this.stopped(sentence);
  }

  async stopped(sentence) {
    const focused = this.element.contains(document.activeElement);
    const { bytes = 0, seconds = 0 } = this.part?.part ?? {}; // what is written
    const why = this.whyNot({ seconds: this.broken ? seconds : this.before, bytes, loudest: this.loudest });
    const nothing = why || (this.once && !bytes);
    const kept = nothing ? "Nothing could be kept." : "Everything up to here is kept.";
    this.stopAsked = false;
    if (nothing) await this.dropAll().catch(() => null); // where that fails, it is not used all the same
    this.time.textContent = clock(this.before);
    this.showSounds();
    this.say(this.broken ? `${this.broken} Recording has stopped. ${kept}` : why ?? sentence);
    this.to(nothing ? "idle" : "stopped");
    letRest(this.startButton);
    if (focused) this.status.focus(); // not the button: Enter pressed twice would record again
  }

  pauseOrGoOn() {
    if (this.state === "recording") this.pause();
    else if (!rests(this.pauseButton)) this.carryOn();
  }

  pause() {
    this.sound?.pause();
    this.sound?.flush();
    this.say("Paused. What was said is kept on this phone.");
    this.to("paused");
    letRest(this.pauseButton);
  }

  // Only the worker ends a pause. Where the microphone went away meanwhile, a new part begins.
  async carryOn() {
    if (this.ending) return;
    if (this.sound) {
      this.sound.resume();
      this.say(this.silent ? HEARS_NOTHING : "Recording goes on.");
      return this.to("recording");
    }
    this.ending = true;
    this.broken = false;
    const failed = await this.begin().then(() => null, (error) => error);
    this.ending = false;
    if (failed) return this.stopAsked ? this.stop() : this.say(`${refusal(failed)} It stays paused, and what was said is kept.`);
    this.to("recording");
    this.recordingAgain("Recording goes on in a new part.");
  }

  tick() {
    const whole = Math.floor(this.seconds);
    this.time.textContent = clock(whole);
    if (whole && whole % 60 === 0) this.say(`Recording: ${counted(whole / 60, "minute")} so far.`);
    if (whole === this.most - WARN_S) this.say(this.labels.soon);
    if (whole >= this.most) this.stop(this.labels.full);
  }

  lost(reason) {
    if (reason === "silent") {
      this.silent = true;
      this.silentSince = performance.now();
      this.sound?.flush();
      if (this.state === "recording") this.say(HEARS_NOTHING);
    } else if (reason === "back") {
      this.silent = false;
      this.goOn("The microphone hears again. Recording goes on in a new part.", this.silentSince);
    } else {
      this.taken();
    }
  }

  // The microphone went away, and with it the recorder: try at once to go on with a new part. What
  // was paused stays paused: nobody is recorded who thinks that they are not.
  async taken() {
    const { sound, part } = this;
    if (!sound || this.ending) return;
    this.ending = true;
    this.sound = null;
    await Promise.race([sound.stop(), after(LET_GO_MS)]); // a broken one may never say that it ended
    await part?.written().catch(() => null);
    this.before += sound.length();
    if (this.state === "paused" && !this.once) {
      this.ending = false;
      if (this.stopAsked) return this.stop();
      return this.say("The microphone was taken away. It stays paused. What was said is kept.");
    }
    const failed = this.once || await this.begin().then(() => null, (error) => error);
    this.ending = false;
    if (!failed) return this.recordingAgain("The microphone was taken away for a moment. Recording goes on in a new part.");
    const then = this.labels.cut ?? "What was said is kept. Press “Carry on recording” when it is free.";
    await this.stopped(`The microphone was taken away. ${then}`);
  }

  hiddenOrBack() {
    if (!this.element.isConnected) {
      if (!this.sound) document.removeEventListener("visibilitychange", this.onVisible);
      return;
    }
    if (this.state !== "recording") return;
    if (document.visibilityState === "hidden") {
      this.hiddenSince = performance.now();
      this.sound?.flush();
    } else if (this.hiddenSince) {
      const away = Math.round((performance.now() - this.hiddenSince) / 1000);
      this.goOn(`You were away from this page for ${counted(away, "second")}. Recording goes on in a new part.`, this.hiddenSince);
      this.hiddenSince = null;
    }
  }

  // What came before stays whole whatever the browser did meanwhile: the rest is a part of its own.
  async goOn(sentence, since) {
    if (this.state !== "recording" || this.ending) return;
    const short = performance.now() - since < AWAY_S * 1000;
    if (this.once && !short) return this.stop(this.labels.cut);
    if (short || this.names.length >= MOST_PARTS) return this.say("Recording goes on.");
    this.ending = true;
    await this.end();
    const failed = await this.begin().then(() => null, (error) => error);
    this.ending = false;
    if (!failed) return this.recordingAgain(sentence);
    await this.stopped("The microphone is not free. What was said is kept. Press “Carry on recording” when it is.");
  }

  recordingAgain(sentence) {
    if (this.stopAsked) return this.stop();
    if (this.state === "paused") return this.pause(); // pressed while the new part began
    this.say(sentence);
    this.to("recording");
  }

  async notWritten(error) {
    if (this.broken) return;
    this.broken = error?.name === "QuotaExceededError" ? "This phone is full." : "This phone could not write it down.";
    await this.stop();
  }

  showSounds() {
    this.again.replaceChildren(...players(this.again, this.story, this.names));
  }

  draw(level) {
    this.loudest = Math.max(this.loudest ?? 0, level);
    drawLevel(this.meter, level);
  }
}
