// Deleting a story that was not sent: with a reason, and asked twice.
import { body, button, choose, problems } from "./dom.js";
import { moment, shape } from "./say.js";
import { emptyItem, getItem } from "./store.js";

const REASONS = [
  "The person changed their mind",
  "It was recorded by mistake",
  "It was only a test",
  "It was sent in another way",
];

// `back` shows the page again that asked; `gone` is called when the story was deleted.
export function askToDelete(app, item, { back = () => app.list(), gone = () => null } = {}) {
  const reason = choose("radio", "Why do you delete it?", REASONS.map((words) => [words, words]));
  const go = async () => {
    const missing = reason.value() ? [] : [["Choose why you delete it", reason.id]];
    if (problems(app.root, missing)) return;
    await remove(app, item, reason.value());
    await gone();
  };
  app.show("Delete this story?",
    body(`${moment(item.made)}. ${shape(item)}.`),
    body("It was not sent yet. There is no other copy, and it cannot be brought back."),
    reason.element,
    button("Delete it for good", go, { kind: "warning" }),
    body(button("Do not delete it", back, { kind: "secondary" })));
  app.back = back;
}

async function remove(app, item, reason) {
  const now = await getItem(item.client);
  if (now?.state === "safe") {
    await app.list();
    app.say("It had been sent before you deleted it. It is safe, and not on this phone any more.");
    return;
  }
  await emptyItem(item.client, { state: "deleted", reason, ended: new Date().toISOString() });
  await app.list();
  app.say("The story is deleted from this phone.");
  // The server drops what came of it; where it cannot be told now, it does so by itself later.
  await fetch(`/collect/stories/${item.client}`, { method: "DELETE" }).catch(() => null);
}
