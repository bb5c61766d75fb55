// Times, lengths and states as people say them.
const DAY_MS = 24 * 60 * 60 * 1000;
const WARN_AFTER_DAYS = 5; // Safari may clear a site that is not opened for seven

export function clock(seconds) {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

export function length(seconds) {
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  const parts = [];
  if (minutes) parts.push(counted(minutes, "minute"));
  if (whole % 60 || !minutes) parts.push(counted(whole % 60, "second"));
  return parts.join(" ");
}

export function counted(n, thing) {
  return `${n} ${thing}${n === 1 ? "" : "s"}`;
}

export function moment(iso) {
  const when = new Date(iso);
  const date = when.toLocaleDateString("en-GB", { day: "numeric", month: "long" });
  return `${date}, ${when.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })}`;
}

export function date(iso) {
  return new Date(iso).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
}

export function today() {
  const now = new Date();
  const two = (n) => String(n).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

export function soundSeconds(item) {
  const told = item.parts.filter((part) => part.name !== "consent");
  return told.reduce((sum, part) => sum + part.seconds, 0);
}

export function shape(item) {
  const written = counted(item.words, "word");
  if (!isTold(item)) return "Nothing told yet";
  if (!isRecorded(item)) return `Written, ${written}`;
  const recorded = `Recording, ${length(soundSeconds(item))}`;
  const both = item.words && item.noted !== undefined; // items of earlier versions count the note, too
  return both ? `${recorded}, and ${written} written` : recorded;
}

export function isRecorded(item) {
  return item.parts.some((part) => part.name !== "consent");
}

// Whether there is a story in it: with the consent or a note alone there is nothing to send.
export function isTold(item) {
  return Boolean(item.words) || isRecorded(item);
}

export function daysWaiting(item) {
  return Math.floor((Date.now() - Date.parse(item.made)) / DAY_MS);
}

export function waitsTooLong(item) {
  return ["waiting", "needs", "making"].includes(item.state) && isTold(item) && daysWaiting(item) >= WARN_AFTER_DAYS;
}

// What is there of a story that nobody told. It is no alarm: nothing is lost that could be sent.
function withoutStory(item) {
  const clip = item.parts.length > 0;
  const what = clip && item.noted ? "the consent and your note are here" : clip ? "the consent was recorded" : "your note was written";
  const note = item.noted ? "A note alone is not sent. To go on, begin again and write it with their story." : "It is locked, and is not sent without a story. To go on, begin again and ask them once more.";
  return { words: `Only ${what}, no story`, more: `${note} If they tell nothing, delete it.` };
}

// Whether a story was deleted here, and the server has not answered to that yet.
export function isUntold(item) {
  return item?.state === "deleted" && Boolean(item.untold);
}

// The state of a story: { words, whole (their end, never broken in two), look, more }. `percent` is null while nothing is being sent.
export function state(item, { percent = null, signedIn = true } = {}) {
  if (item.state === "safe") {
    // Somebody deleted it here while its last piece was on the way.
    const more = item.reason ? "It had been sent before it was deleted here. It can be taken back with its receipt." : null;
    return { words: "Safe, reference ", whole: item.reference, look: "safe", more };
  }
  if (isUntold(item) && item.tried) {
    return { words: "Off this phone", look: "gone", more: "What was sent of it is deleted as soon as the council's computer answers. If all of it had arrived, it says so here." };
  }
  if (item.state === "deleted") {
    return { words: "Deleted", look: "gone", more: `Reason: ${item.reason}. On ${date(item.ended)}.` };
  }
  if (item.state === "making") {
    return { words: "On this phone", look: "here", more: "It is being recorded or written in another window." };
  }
  if (item.state === "needs" && !isTold(item)) return { ...withoutStory(item), look: "here" };
  if (item.state === "needs") return { words: "Needs you", look: "needs", more: item.says };
  if (!signedIn) return { words: "Needs you", look: "needs", more: "Sign in to send it. It stays on this phone until then." };
  if (percent !== null) return { words: `Sending ${percent} %`, look: "sending" };
  return { words: "On this phone", look: "here", more: "It is sent by itself when there is a connection." };
}
