// Recording the story, hearing it again, adding a note, keeping it.
import { body, button, h, inset, words } from "./dom.js";
import { askAbout } from "./about.js";
import { askToDelete } from "./delete.js";
import { recorderBox } from "./recorder.js";
import { getItem } from "./store.js";
import { keep, keepDetails, leave } from "./story.js";
import { showWrite } from "./write.js";

const SETTLE_MS = 800; // after the last key, before what was typed is sealed and written
const WRITTEN_TOO = "What you wrote in their words is kept. It is sent with the recording and stands beside it.";

export function showRecord(app, story) {
  story.details.mode = "spoken";
  const programme = app.me.programmes.find((one) => one.slug === story.details.programme);
  const after = h("div", { hidden: true });
  const before = h("div", {});
  const box = recorderBox(app, story, {
    nextName: () => `story-${toldParts(story)}`, // without a gap, also where the microphone was refused
    labels: { ready: "Ready when they are.", start: "Start recording", more: "Carry on recording" },
    onState(state) {
      after.hidden = state !== "stopped";
      before.hidden = state !== "idle";
    },
  });
  const note = words("Your note (optional)", {
    rows: 3, value: story.details.note ?? "", oninput: settled(() => writeNote()),
    hint: "Your own words, such as what you saw. They are kept apart from the story.",
  });
  const writeNote = () => {
    story.details.note = note.value().trim() || null;
    return keepDetails(story);
  };
  const done = async () => {
    if (!toldParts(story)) return app.say("Nothing is recorded yet. Press “Carry on recording”.");
    story.details.note = note.value().trim() || null;
    await keepAndSend(app, story);
  };
  const page = () => {
    app.show("Record the story", programme?.prompt ? h("p.sb-prompt", {}, programme.prompt) : null,
      story.details.text ? inset(WRITTEN_TOO) : null, box.element, before, after);
    app.back = () => app.say("Press Stop first, then keep the story or delete it.");
  };
  const remove = async () => askToDelete(app, await getItem(story.client), { back: page, gone: () => leave(story, { drop: false }) });
  before.append(
    button("Write it instead", () => showWrite(app, story), { kind: "secondary" }),
    body(button("Back", () => askAbout(app, story), { kind: "secondary" })));
  after.append(note.element, button("Keep this story", done),
    body(button("Delete", remove, { kind: "secondary", hidden: "this story" })));
  page();
}

function toldParts(story) {
  return story.parts.filter((part) => part.name !== "consent").length;
}

export async function keepAndSend(app, story) {
  try {
    await keep(story);
  } catch {
    return app.say("This phone could not write it down. Make room on it, then press “Keep this story” again.");
  }
  await app.list();
  app.say("The story is kept on this phone.");
  await app.look();
}

export function settled(action) {
  let timer = null;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, SETTLE_MS);
  };
}
