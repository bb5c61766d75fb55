// Care for others in a story, as on the form that residents fill in: what to ask, what to leave
// out, and of a child who the teller is to them. For a child that answer says who gave the consent.
import { body, choose, h, inset } from "./dom.js";

export const ABOUT_CHILD = "about-a-child";
const ABOUT_ANOTHER = "about-someone-else";
const RELATIONS = [
  ["parent", "Their parent, or looks after them"],
  ["carer", "Their carer"],
  ["family", "Somebody else in their family"],
  ["friend", "A friend or neighbour"],
  ["worker", "Works with them"],
  ["other", "Somebody else"],
];

// Gives { element, relation, show(teller) }: `show` fits it to whose story it is.
export function careBox(details) {
  const grownUp = inset("Did they agree to it? If they would not like it, do not send it.");
  const relation = choose("radio", "Who is the teller to the child?", RELATIONS, { chosen: [details.relation] });
  const child = h("div", {},
    inset("It is still the child's story. Leave out their name, their school and their street. Say “my neighbour's child” or “a boy of 8”."),
    relation.element,
    body("Are you worried that a child is in danger? Call 999, or the NSPCC on ",
      h("span.sb-nowrap", {}, "0808 800 5000"), ". Nobody reads stories as they come in."));
  const show = (teller) => {
    grownUp.hidden = teller !== ABOUT_ANOTHER;
    child.hidden = teller !== ABOUT_CHILD;
  };
  show(details.teller);
  return { element: h("div", {}, grownUp, child), relation, show };
}
