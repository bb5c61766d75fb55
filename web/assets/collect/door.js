// Signing in and out. What waits on the phone stays there: both say how much, and when it is sent;
// never whose it is, for the next who stands here may be somebody else.
import { body, button, h, inset } from "./dom.js";
import { isTold } from "./say.js";
import { leaveForGood } from "./sending.js";
import { forgetMe, items } from "./store.js";

const PATIENCE_MS = 3000; // then the server hears of it while the door is shown already

export const SIGN_IN = "/sign-in?next=/collect/";

export async function showDoor(app) {
  const other = app.session === "other";
  const why = other
    ? "You are signed in, but not as an outreach worker. Sign out, then sign in as one."
    : "This page records stories that people tell you, also where there is no connection. Sign in once with a connection. Then it works without one for 14 days.";
  const offline = navigator.onLine && app.session !== "unknown" ? null : inset("There is no connection now. You need one to sign in.");
  const waits = waitsHere(await items(), "It is sent after the worker who recorded it signs in here.", "They are sent after those who recorded them sign in here.");
  app.show(other ? "For outreach workers" : "Sign in to record stories", body(why), waits && inset(waits), offline,
    h("a.govuk-button", { href: other ? "/" : SIGN_IN, role: "button", draggable: "false" }, other ? "Go to the start page" : "Sign in"));
}

// Sign out; where stories wait, say first what becomes of them.
export async function askToSignOut(app) {
  const waits = waitsHere(await items(app.me.worker.id),
    "It stays here, locked. It is sent after you sign in again on this phone.",
    "They stay here, locked. They are sent after you sign in again on this phone.");
  if (!waits) return signOut(app);
  app.show("Sign out now?", body(waits), body("If you do not use this phone again, stay signed in until all is sent, or save it to the phone first."),
    h("div.sb-actions", {},
      button("Sign out", () => signOut(app)),
      button("Stay signed in", () => app.list(), { kind: "secondary" })));
  app.back = () => app.list();
}

async function signOut(app) {
  await forgetMe({ leaving: true });
  Object.assign(app, { me: null, session: navigator.onLine ? "nobody" : "unknown" });
  app.show("Signing out …");
  await Promise.race([leaveForGood(), new Promise((late) => setTimeout(late, PATIENCE_MS))]);
  await showDoor(app);
}

// How many of these stories wait, with what becomes of one or of several; null where none does.
function waitsHere(here, one, several) {
  const waiting = here.filter((item) => ["waiting", "needs"].includes(item.state) && isTold(item)).length;
  if (!waiting) return null;
  return waiting === 1 ? `1 story waits on this phone. ${one}` : `${waiting} stories wait on this phone. ${several}`;
}
