// What the story belongs to: place, whose story it is, the day.
import { body, button, choose, day, h, pick, problems } from "./dom.js";
import { ABOUT_CHILD, careBox } from "./care.js";
import { askConsent } from "./consent.js";
import { showRecord } from "./record.js";
import { showWrite } from "./write.js";
import { today } from "./say.js";
import { keepDetails } from "./story.js";

const UNSAID = "";

export function askAbout(app, story) {
  const { details } = story;
  const place = pick("Where was it?",
    [[UNSAID, "They would rather not say"], ...app.me.places.map((p) => [p.slug, p.name])],
    { chosen: details.place ?? UNSAID, hint: "The part of town. No street is needed." });
  // A worker's own words have a field of their own here, so "told by a worker" is not a choice.
  const tellers = app.me.tellers.filter(([value]) => value !== "worker");
  const care = careBox(details);
  const teller = choose("radio", "Whose story is it?", tellers,
    { chosen: [details.teller ?? tellers[0]?.[0]], onchange: () => care.show(teller.value()) });
  const told = day("When did they tell you?", { value: details.told_on ?? today(), max: today() });
  const go = async (next) => {
    const found = [];
    const ofChild = teller.value() === ABOUT_CHILD;
    if (!teller.value()) found.push(["Choose whose story it is", teller.id]);
    if (ofChild && !care.relation.value()) found.push(["Choose who the teller is to the child", care.relation.id]);
    if (!told.value() || told.value() > today()) found.push(["Give the day on which they told you, not in the future", told.id]);
    if (problems(app.root, found)) return;
    Object.assign(details, {
      place: place.value() || null, teller: teller.value(), told_on: told.value(),
      relation: ofChild ? care.relation.value() : null,
    });
    await keepDetails(story);
    next(app, story);
  };
  const back = () => askConsent(app, story);
  app.show("About the story", place.element, teller.element, care.element, told.element,
    h("div.sb-actions", {},
      button("Record it", () => go(showRecord)),
      button("Write it instead", () => go(showWrite), { kind: "secondary" })),
    body(button("Back", back, { kind: "secondary" })));
  app.back = back;
}
