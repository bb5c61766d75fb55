// Consent in one breath: how they gave it, what they said yes to, who said it.
import { body, button, choose, h, inset, problems } from "./dom.js";
import { askAbout } from "./about.js";
import { recorderBox } from "./recorder.js";
import { keepDetails, leave, newStory } from "./story.js";

const HOW = [
  ["spoken", "They say it aloud, and I record it"],
  ["helper", "They told me, and I tick it here"],
  ["paper", "They ticked a paper form"],
];
const WHO = [
  ["teller", "The person who tells the story"],
  ["parent", "A parent or guardian"],
  ["carer", "A carer"],
];

export function askConsent(app, story = newStory(app.me)) {
  app.busy = true;
  navigator.storage?.persist?.().catch(() => null); // a wish: browsers may say no
  const { consent } = story.details;
  const chosen = Object.keys(consent.uses ?? {}).filter((use) => consent.uses[use]);
  const clip = clipBox(app, story);
  const how = choose("radio", "How do they say yes?", HOW,
    { chosen: [consent.how], onchange: () => (clip.element.hidden = how.value() !== "spoken") });
  clip.element.hidden = consent.how !== "spoken";
  const uses = choose("checkbox", "What do they say yes to?", app.me.questions.map((q) => [q.use, q.ask, q.hint]),
    { chosen, hint: "Leave a box empty where they say no, or are not sure." });
  const who = choose("radio", "Who says yes?", WHO, { chosen: [consent.given_by ?? "teller"] });
  const go = async () => {
    await clip.box.stop();
    const spoken = how.value() === "spoken";
    const found = [];
    if (!how.value()) found.push(["Choose how they say yes", how.id]);
    if (spoken && !story.parts.length) found.push(["Record them saying yes, or choose another way", how.id]);
    if (!uses.values().length) found.push(["Tick what they say yes to. If it is nothing, do not record", uses.id]);
    if (problems(app.root, found)) return;
    if (!spoken) await clip.box.dropAll();
    Object.assign(consent, {
      how: how.value(), given_by: who.value(),
      uses: Object.fromEntries(app.me.questions.map((q) => [q.use, uses.values().includes(q.use)])),
    });
    await keepDetails(story);
    askAbout(app, story);
  };
  const cancel = async () => {
    await clip.box.stop();
    await leave(story);
    await app.list();
  };
  app.show("Ask for their consent", how.element, clip.element, uses.element, who.element,
    button("Continue", go),
    body(button("Cancel", cancel, { kind: "secondary" })));
  app.back = cancel;
}

function clipBox(app, story) {
  const box = recorderBox(app, story, {
    nextName: () => "consent",
    once: true,
    labels: { ready: "Read the sentence, then record their answer.", start: "Record their answer", more: "Record it again" },
  });
  const begin = box.start.bind(box);
  box.start = async () => {
    if (!story.begun) await keepDetails(story); // the clip needs a story to belong to
    await begin();
  };
  if (story.sounds.has("consent")) {
    box.names.push("consent");
    box.showSounds();
    box.to("stopped");
  }
  const element = h("div", {}, inset(h("strong", {}, "Read this aloud: "), app.me.spoken), box.element);
  return { box, element };
}
