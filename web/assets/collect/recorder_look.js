// What the recorder box looks like: its line of words, its clock, its meter, its buttons, its players.
import { button, h } from "./dom.js";
import { microphoneHelp } from "./microphone.js";
import { clock } from "./say.js";
import { heard } from "./story.js";

export const HEARS_NOTHING = "The microphone hears nothing. Is it covered, or is there a phone call? What was said is kept.";
export const WORDS = {
  soon: "2 minutes are left. Then keep this story, and go on in a new one.",
  full: "This is as long as one story can be. It is kept on this phone.",
};
const REST_MS = 800;

// The parts of a box whose buttons call `start`, `pauseOrGoOn` and `stop` of `does`.
export function partsOf(labels, does) {
  // It takes the focus when a recording has stopped; the Tab key leads on from it to the buttons.
  const status = h("p.sb-recorder__status", { role: "status", tabindex: "-1" }, labels.ready);
  const time = h("span", {}, clock(0));
  const timeLine = h("p.sb-recorder__time", {}, h("span.govuk-visually-hidden", {}, "Length: "), time);
  const meter = h("canvas.sb-meter", { width: 600, height: 14, "aria-hidden": "true" });
  const again = h("div", {});
  const help = microphoneHelp();
  const startButton = button(labels.start, () => does.start());
  const pauseButton = button("Pause", () => does.pauseOrGoOn(), { kind: "secondary" });
  const stopButton = button("Stop", () => does.stop());
  const cancelButton = button("Do not record now", () => does.stop(), { kind: "secondary" });
  cancelButton.hidden = true;
  const element = h("div.sb-recorder", {}, status, timeLine, meter, help, again,
    h("div.sb-actions", {}, startButton, pauseButton, stopButton, cancelButton));
  return { element, status, time, timeLine, meter, again, help, startButton, cancelButton, pauseButton, stopButton };
}

// Where a button begins to record that was another one a moment ago, a second tap was not meant for
// it: it does nothing until then.
export function letRest(resting) {
  resting.setAttribute("aria-disabled", "true");
  setTimeout(() => resting.removeAttribute("aria-disabled"), REST_MS);
}

export function rests(resting) {
  return resting.hasAttribute("aria-disabled");
}

// Players for the parts of a story that can be heard on this page, in place of those in `before`.
export function players(before, story, names) {
  for (const old of before.querySelectorAll("audio")) URL.revokeObjectURL(old.src);
  const made = names.map((name, i) => {
    const src = heard(story, name);
    const label = names.length > 1 ? `Part ${i + 1}` : "What you recorded";
    return src && h("audio", { controls: true, src, "aria-label": label });
  });
  return made.filter(Boolean);
}

export function after(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export function drawLevel(meter, level) {
  const pen = meter.getContext("2d");
  pen.clearRect(0, 0, meter.width, meter.height);
  pen.fillStyle = "#17524f";
  pen.fillRect(0, 0, meter.width * Math.min(1, level * 1.6), meter.height);
}
