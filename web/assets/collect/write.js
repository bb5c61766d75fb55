// Scribe mode: the teller's own words and the worker's words, in two fields, kept apart for ever.
import { body, button, choose, problems, words } from "./dom.js";
import { askAbout } from "./about.js";
import { askToDelete } from "./delete.js";
import { keepAndSend, settled } from "./record.js";
import { getItem } from "./store.js";
import { keepDetails, leave } from "./story.js";

export function showWrite(app, story) {
  const { details } = story;
  details.mode = "scribe";
  const read = () =>
    Object.assign(details, {
      text: theirs.value().trim() || null, note: yours.value().trim() || null,
      read_back: back.values().length > 0,
    });
  const write = () => {
    read();
    return keepDetails(story);
  };
  const soon = settled(() => write());
  const theirs = words("In their words", {
    rows: 9, value: details.text ?? "", oninput: soon,
    hint: "Write what they say, as they say it. Only these words may be quoted.",
  });
  const yours = words("In your words (optional)", {
    rows: 4, value: details.note ?? "", oninput: soon,
    hint: "What you saw or know. These words are never shown as theirs.",
  });
  const back = choose("checkbox", "Check it with them", [["yes", "I read it back to them"]],
    { chosen: details.read_back ? ["yes"] : [], onchange: () => write() });
  const done = async () => {
    const found = [];
    const count = theirs.value().split(/\s+/).filter(Boolean).length;
    if (!count) found.push(["Write the story in their words", theirs.id]);
    if (count > app.me.limits.words) found.push([`Make the story shorter than ${app.me.limits.words} words`, theirs.id]);
    if (problems(app.root, found)) return;
    read();
    await keepAndSend(app, story);
  };
  const page = () => {
    app.show("Write the story", theirs.element, yours.element, back.element,
      button("Keep this story", done),
      body(button("Back", goBack, { kind: "secondary" }),
        " ", button("Delete", remove, { kind: "secondary", hidden: "this story" })));
    app.back = goBack;
  };
  const goBack = () => {
    write().catch(() => app.say("This phone could not write it down. Make room on it."));
    askAbout(app, story);
  };
  const remove = async () => {
    await write();
    askToDelete(app, await getItem(story.client), { back: page, gone: () => leave(story, { drop: false }) });
  };
  page();
}
