// Why there is no recording: no room, no microphone, not allowed; and what to do about it.
import { canRecord } from "../sound.js";
import { h } from "./dom.js";

const MEGABYTE = 1024 * 1024;
const ROOM_BYTES = 50 * MEGABYTE;

// Why no recording can begin now, or null.
export async function reasonNotTo() {
  if (!canRecord()) return "This browser cannot record. Write the story instead.";
  const { quota, usage } = (await navigator.storage?.estimate?.()) ?? {};
  if (quota === undefined) return null;
  const free = Math.max(0, quota - usage);
  if (free >= ROOM_BYTES) return null;
  return `There is too little room on this phone: ${Math.floor(free / MEGABYTE)} MB are free, and a recording needs 50 MB. Make room, or write the story instead.`;
}

export function microphoneHelp() {
  const ways = [
    "On an iPhone: tap the page menu beside the address, then Website Settings, then Microphone, then Allow.",
    "On an Android phone: tap the sign left of the address, then Permissions, then Microphone.",
    "In the installed app: open the phone's settings, then Apps, then Storybank, then Permissions.",
  ];
  const help = h("div", {},
    h("p.govuk-body", {}, "To switch it on:"),
    h("ul.govuk-list.govuk-list--bullet", {}, ways.map((way) => h("li", {}, way))),
    h("p.govuk-body", {}, "Then press the button again. Or write the story instead."));
  help.hidden = true;
  return help;
}

export function refusal(error) {
  if (error.name === "NotAllowedError") {
    return "The microphone is switched off for this page.";
  }
  if (error.name === "NotFoundError") return "This device has no microphone. Write the story instead.";
  return "The microphone cannot be used now. Is there a phone call? Try again, or write the story instead.";
}
