// What this worker has sent, as the server tells it.
import { body, button, h, inset } from "./dom.js";
import { date } from "./say.js";

export async function showSent(app) {
  const back = button("Back to your stories", () => app.list(), { kind: "secondary" });
  let answer = null;
  try {
    answer = await fetch("/collect/sent");
  } catch {
    // told below
  }
  if (answer?.status === 401) {
    app.show("What you sent", inset("Sign in to see what you sent."), back);
  } else if (!answer?.ok) {
    app.show("What you sent", inset("There is no connection. This list needs one."), back);
  } else {
    const rows = await answer.json();
    app.show("What you sent",
      rows.length ? h("ul.sb-items", {}, rows.map(rowOf)) : body("You have not sent a story yet."), back);
  }
}

function rowOf(row) {
  const where = [row.programme, row.place ?? "Place not said"].join(", ");
  return h("li.sb-item", {},
    h("h2.sb-item__name", {}, row.link ? h("a.govuk-link", { href: row.link }, row.reference) : row.reference),
    h("p.sb-item__shape", {}, `Told on ${date(row.told_on)}. ${where}.`),
    h("p.sb-item__state.sb-item__state--here", {}, row.says));
}
