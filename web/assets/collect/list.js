// The stories on this phone: where each stands, and what can be done about it.
import { body, button, h, inset } from "./dom.js";
import { askToDelete } from "./delete.js";
import { askConsent } from "./consent.js";
import { askToSignOut, showDoor, SIGN_IN } from "./door.js";
import { drawReady, readyLine } from "./ready.js";
import { showReceipt } from "./receipt.js";
import { saveSealed } from "./save.js";
import { showSent } from "./sent.js";
import { counted, daysWaiting, isRecorded, isTold, moment, shape, state, waitsTooLong } from "./say.js";
import { changeItem, items } from "./store.js";
import { newStory } from "./story.js";

const SAVED = "/worker/saved";

export async function showList(app) {
  app.busy = false;
  if (!app.me) return showDoor(app);
  const notices = h("div", {});
  const rows = h("ul.sb-items", {});
  const ready = readyLine();
  const none = h("div.sb-empty", {},
    h("h2.govuk-heading-m", {}, "No stories on this phone"),
    body("Stories that you record are kept here until they are safe with the council. You need no connection to record."));
  app.show("Your stories",
    h("p.sb-step", {}, `Signed in as ${app.me.worker.name}`),
    notices,
    h("div.sb-actions", {},
      button("New story", () => askConsent(app)),
      button("What you sent", () => showSent(app), { kind: "secondary" })),
    ready, none, rows,
    h("p.sb-collect__out", {}, h("button.sb-link-button", { type: "button", onclick: () => askToSignOut(app) }, "Sign out")));
  const drawn = new Map();
  app.refresh = async () => {
    const here = await items(app.me.worker.id);
    drawReady(app, ready);
    none.hidden = here.length > 0;
    rows.hidden = !here.length;
    keepFocus(notices, () => notices.replaceChildren(...noticesFor(app, here)));
    drawRows(app, rows, drawn, here);
  };
  await app.refresh();
}

function drawRows(app, rows, drawn, here) {
  const gone = new Set(drawn.keys());
  here.forEach((item, at) => {
    gone.delete(item.client);
    const percent = app.percent.get(item.client) ?? null;
    const look = JSON.stringify([item.state, item.says, item.untold, shape(item), percent, app.session]);
    const before = drawn.get(item.client);
    if (before?.look === look) return;
    const row = rowOf(app, item, percent);
    if (!before) rows.insertBefore(row, rows.children[at] ?? null);
    else keepFocus(before.row, () => before.row.replaceWith(row), row);
    drawn.set(item.client, { row, look });
  });
  for (const client of gone) {
    drawn.get(client).row.remove();
    drawn.delete(client);
  }
}

// A row is drawn anew when its state changes: whoever stood on a button of it still does.
function keepFocus(old, change, fresh = old) {
  const action = old.contains(document.activeElement) ? document.activeElement.dataset.action : null;
  change();
  if (action) (fresh.querySelector(`[data-action="${action}"]`) ?? fresh.querySelector("h2"))?.focus();
}

function rowOf(app, item, percent) {
  const now = state(item, { percent, signedIn: app.session !== "off" });
  return h("li.sb-item", {},
    h("h2.sb-item__name", { tabindex: "-1" }, moment(item.made)),
    item.state === "needs" && !isTold(item) ? null : h("p.sb-item__shape", {}, shape(item)),
    h(`p.sb-item__state.sb-item__state--${now.look}`, {}, now.words,
      now.whole ? h("span.sb-nowrap", {}, now.whole) : null),
    now.more ? h("p.sb-item__more", {}, now.more) : null,
    item.state === "needs" && isTold(item) ? otherWay() : null,
    item.cut && item.state !== "deleted" ? h("p.sb-item__more", {}, cutOff(item)) : null,
    actions(app, item, percent));
}

function otherWay() {
  return h("p.sb-item__more", {}, "If Retry does not help, save it to the phone. Then ",
    h("a.govuk-link", { href: SAVED, "data-action": "saved" }, "send the saved story"), ", best from a computer.");
}

function cutOff(item) {
  const was = isRecorded(item) ? "Recording" : "Writing";
  const safe = "Everything until then is kept.";
  if (item.state === "safe") return `${was} was cut off. ${safe}`;
  return `${was} was cut off. ${safe} It is locked and cannot be opened on this phone. It can be heard when it is safe.`;
}

function actions(app, item, percent) {
  const of = `the story of ${moment(item.made)}`;
  const small = (action, words, does) =>
    h("button.sb-small-button", { type: "button", onclick: does, "data-action": action }, words,
      h("span.govuk-visually-hidden", {}, `: ${of}`));
  if (item.state === "safe") {
    return h("div.sb-item__actions", {}, small("receipt", "Show the receipt", () => showReceipt(app, item)));
  }
  if (!["waiting", "needs"].includes(item.state)) return null;
  const save = small("save", "Save to phone", () => saveSealed(app, item));
  const remove = small("delete", "Delete", () => askToDelete(app, item));
  if (percent !== null) return h("div.sb-item__actions", {}, save, remove);
  const sendable = isTold(item) ? [
    item.mend === "ticks" ? small("ticks", "Send with my ticks", () => again(app, item, { ticked: true })) : null,
    small("retry", "Retry", () => again(app, item)),
    save,
  ] : [small("again", "Begin again", () => askConsent(app, newStory(app.me, item.client)))];
  return h("div.sb-item__actions", {}, sendable.filter(Boolean), remove);
}

async function again(app, item, more = {}) {
  await changeItem(item.client, { state: "waiting", says: null, mend: null, ...more }, ["waiting", "needs"]);
  app.say(navigator.onLine ? "Trying to send it." : "There is no connection. It is sent when there is one.");
  await app.refresh?.();
  await app.look();
}

function noticesFor(app, here) {
  const waiting = here.filter((item) => ["waiting", "needs"].includes(item.state) && isTold(item));
  const late = here.filter(waitsTooLong);
  const found = [];
  if (late.length) {
    const days = Math.max(...late.map(daysWaiting));
    found.push(h("div.govuk-warning-text", {},
      h("span.govuk-warning-text__icon", { "aria-hidden": "true" }, "!"),
      h("strong.govuk-warning-text__text", {}, h("span.govuk-visually-hidden", {}, "Warning: "),
        `A story has waited on this phone for ${counted(days, "day")}. Some phones clear what is kept after seven days. Connect to the internet today, or save it to the phone.`)));
  }
  if (app.session === "off" && waiting.length) {
    found.push(inset("You are not signed in any more. ", h("a.govuk-link", { href: SIGN_IN, "data-action": "sign-in" }, "Sign in to send"), ". You can still record."));
  } else if (!navigator.onLine || app.session === "unknown") {
    found.push(inset("There is no connection. You can record: stories are kept on this phone and sent later."));
  }
  return found;
}
