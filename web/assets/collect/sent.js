// What this worker has sent, as the server tells it.
import { body, button, h, inset } from "./dom.js";
import { date } from "./say.js";

const ANSWER_WITHIN_MS = 20_000; // somebody looks at the page; a line that lets nothing through is left

export async function showSent(app) {
  const back = button("Back to your stories", () => app.list(), { kind: "secondary" });
  const again = button("Try again", () => showSent(app));
  const asking = inset("Getting the list …");
  app.show("What you sent", asking, back);
  let rows = null, status = null;
  try {
    const answer = await fetch("/collect/sent", { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    status = answer.status;
    rows = answer.ok ? await answer.json() : null;
  } catch {
    // told below
  }
  if (!asking.isConnected) return; // another page is shown by now
  if (status === 401) {
    app.show("What you sent", inset("Sign in to see what you sent."), back);
  } else if (!rows) {
    app.show("What you sent", inset("There is no connection, or it lets nothing through. This list needs one."), again, body(back));
  } else {
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
