// Deleting a story that was not sent: with a reason, and asked twice.
import { body, button, choose, h, problems } from "./dom.js";
import { moment, shape } from "./say.js";
import { tellDeleted } from "./sending.js";
import { emptyItem, getItem } from "./store.js";

const REASONS = [
  "The person changed their mind",
  "It was recorded by mistake",
  "It was only a test",
  "It was sent in another way",
];

const GONE = "The story is deleted from this phone.";
const ASKED = "The story is off this phone. The council's computer is asked to delete what was sent of it.";
const SAYS = {
  gone: `${GONE} Nothing of it was left with the council.`,
  safe: "It had been sent before you deleted it. It is safe, and not on this phone any more.",
  unknown: `${ASKED} It has not answered yet, and is asked again.`,
};

// `back` shows the page again that asked; `gone` is called when the story was deleted.
export function askToDelete(app, item, { back = () => app.list(), gone = () => null } = {}) {
  const reason = choose("radio", "Why do you delete it?", REASONS.map((words) => [words, words]));
  const go = async () => {
    const missing = reason.value() ? [] : [["Choose why you delete it", reason.id]];
    if (problems(app.root, missing)) return;
    await remove(app, item, reason.value());
    await gone();
  };
  const how = h("p.govuk-body", { role: "status" }, howItStands(item));
  app.show("Delete this story?",
    body(`${moment(item.made)}. ${shape(item)}.`),
    how,
    reason.element,
    button("Delete it for good", go, { kind: "warning" }),
    body(button("Do not delete it", back, { kind: "secondary" })));
  app.back = back;
  app.refresh = async () => {
    const says = howItStands(await getItem(item.client)); // sending may begin, and end, meanwhile
    if (how.textContent !== says) how.textContent = says;
  };
}

function howItStands(item) {
  if (item?.state === "safe") return "It was sent meanwhile, and is safe with the council. It is not deleted here.";
  const last = "it cannot be brought back.";
  if (!item?.tried) return `It was not sent yet. There is no other copy, and ${last}`;
  return `It is not safe with the council yet. Sending stops, what was sent of it is deleted, and ${last}`;
}

// It leaves the phone at once. It is called deleted where the server has nothing of it, or says so.
async function remove(app, { client, state }, reason) {
  const untold = state !== "making"; // of one that this page still makes nothing was sent
  const gone = { state: "deleted", reason, untold, ended: new Date().toISOString() };
  const was = await emptyItem(client, gone, ["making", "waiting", "needs"]);
  const told = was && untold ? tellDeleted(client) : null;
  await app.list();
  const safe = !was && (await getItem(client))?.state === "safe"; // else another window deleted it
  app.say(safe ? SAYS.safe : was?.tried ? ASKED : GONE);
  const how = await told;
  await app.refresh?.();
  if (was?.tried) app.say(SAYS[how]);
}
