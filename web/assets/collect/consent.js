// Consent in one breath: for which programme, how they gave it, what they said yes to, who said it.
import { body, button, choose, h, inset, pick, problems } from "./dom.js";
import { askAbout } from "./about.js";
import { CLIP_WORDS, MOST_CLIP_S, whyNoClip } from "./clip.js";
import { askToDelete } from "./delete.js";
import { recorderBox } from "./recorder.js";
import { getItem } from "./store.js";
import { askedFor, dropPart, keepDetails, leave, newStory } from "./story.js";

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

export async function askConsent(app, story = newStory(app.me)) {
  app.busy = true;
  navigator.storage?.persist?.().catch(() => null); // a wish: browsers may say no
  const { details } = story;
  const { consent } = details;
  const asked = await askedNow(app, story);
  const chosen = Object.keys(consent.uses ?? {}).filter((use) => consent.uses[use]);
  const clip = clipBox(app, story, asked.tongue?.spoken ? inTheirs(asked.tongue, asked.tongue.spoken) : asked.spoken);
  const how = choose("radio", "How do they say yes?", HOW,
    { chosen: [consent.how], onchange: () => (clip.element.hidden = how.value() !== "spoken") });
  clip.element.hidden = consent.how !== "spoken";
  const ticked = () => Object.fromEntries(asked.questions.map((q) => [q.use, uses.values().includes(q.use)]));
  // A yes that is taken back counts at once, also where this page closes: a story may stand already.
  // A new yes counts with Continue, when all has been asked.
  const changed = () => {
    if (!consent.uses) return; // nothing was agreed yet: the details are written when it is
    const now = ticked();
    for (const use of Object.keys(consent.uses)) consent.uses[use] &&= now[use];
    keepDetails(story);
  };
  const uses = choose("checkbox", "What do they say yes to?", asked.questions.map((q, i) => choiceOf(q, i, asked.tongue)),
    { chosen, onchange: changed, hint: "Leave a box empty where they say no, or are not sure." });
  const who = choose("radio", "Who says yes?", WHO, { chosen: [consent.given_by ?? "teller"] });
  const other = async () => {
    await clip.box.stop();
    details.programme = programme.value();
    if (askedFor(app.me, details.programme).wording === asked.wording) return;
    await again("This programme asks in other words. Ask them again.");
  };
  const again = async (says) => {
    Object.assign(consent, { how: how.value(), given_by: who.value() });
    await askConsent(app, story);
    app.say(says);
  };
  const inAnother = async () => {
    await clip.box.stop();
    story.asksIn = tongue.value();
    await again("The questions are in another language now. Ask them again.");
  };
  const languages = (asked.languages ?? []).map((one) => [one.code, one.name]);
  const tongue = pick("Language of the questions", [["", "English"], ...languages],
    { chosen: asked.tongue?.code ?? "", onchange: inAnother });
  const programme = pick("Programme", app.me.programmes.map((p) => [p.slug, p.name]),
    { chosen: details.programme, onchange: other });
  const go = async () => {
    await clip.box.stop();
    const spoken = how.value() === "spoken";
    const found = [];
    if (!programme.value()) found.push(["Choose a programme. If there is none, ask the office", programme.id]);
    if (!how.value()) found.push(["Choose how they say yes", how.id]);
    if (spoken && !story.parts.length) found.push(["Record them saying yes, or choose another way", how.id]);
    if (!uses.values().length) found.push(["Tick what they say yes to. If it is nothing, do not record", uses.id]);
    if (problems(app.root, found)) return;
    if (!spoken) await clip.box.dropAll();
    if (how.value() === "paper") [consent.wording, story.asksIn] = [asked.wording, ""]; // sheets are in English
    Object.assign(consent, { how: how.value(), given_by: who.value(), uses: ticked() });
    await keepDetails(story);
    askAbout(app, story);
  };
  // Words that were written before are not lost by one tap.
  const sure = { back: () => askConsent(app, story), gone: () => leave(story, { drop: false }) };
  const cancel = async () => {
    await clip.box.stop();
    if (details.text || details.note) return askToDelete(app, await getItem(story.client), sure);
    await leave(story);
    await app.list();
  };
  app.show("Ask for their consent", app.me.programmes.length === 1 ? null : programme.element,
    languages.length ? tongue.element : null, how.element, clip.element, uses.element, who.element,
    button("Continue", go),
    body(button("Cancel", cancel, { kind: "secondary" })));
  app.back = cancel;
}

// The words to ask in, with the `tongue` chosen for them, if any. Where others were shown before,
// what was answered to them counts no more: that is written first, for a story may stand already.
async function askedNow(app, story) {
  const { consent, programme } = story.details;
  const asked = askedFor(app.me, programme);
  const named = (one) => `${asked.wording}/${one.code}`;
  const tongue = (asked.languages ?? []).find((one) =>
    story.asksIn === undefined ? named(one) === consent.wording : one.code === story.asksIn);
  const wording = tongue ? named(tongue) : asked.wording;
  if (consent.wording && consent.wording !== wording) {
    for (const use of Object.keys(consent.uses ?? {})) consent.uses[use] = false;
    consent.wording = wording;
    if (story.begun) await keepDetails(story);
    if (story.parts.some((part) => part.name === "consent")) await dropPart(story, "consent");
  }
  consent.wording = wording;
  return { ...asked, tongue };
}

const inTheirs = (tongue, words) => h("bdi", { lang: tongue.code, dir: tongue.dir }, words);

// One question as it is asked; in another language the worker has the English below it.
function choiceOf(question, i, tongue) {
  if (!tongue) return [question.use, question.ask, question.hint];
  const { ask, hint } = tongue.questions[i];
  const below = [inTheirs(tongue, hint), h("br"), `In English: ${question.ask}`];
  return [question.use, inTheirs(tongue, ask), hint ? below : below.slice(2)];
}

function clipBox(app, story, spoken) {
  const box = recorderBox(app, story, {
    nextName: () => "consent",
    once: true,
    most: MOST_CLIP_S,
    labels: CLIP_WORDS,
    whyNot: whyNoClip,
    prepare: () => story.begun || keepDetails(story), // the clip needs a story to belong to
  });
  if (story.sounds.has("consent")) {
    box.names.push("consent");
    box.showSounds();
    box.to("stopped");
  }
  const element = h("div", {}, inset(h("strong", {}, "Read this aloud: "), spoken), box.element);
  return { box, element };
}
