// The queue: details first, then the sound, then "that was all". Safe to break off and to repeat at
// any point: the server knows each story by the id that this phone made.
import { allowedFrom, lookedAt, mayRecord } from "./allowed.js";
import {
  alone, changeAllowed, changeItem, emptyItem, forgetMe, getItem, getMe, isLeaving, items, onChange, putMe, sealedPart,
} from "./store.js";
import { isUntold } from "./say.js";
import { toBase64 } from "./seal.js";
import { statusOf, upload } from "./upload.js";

const ROUNDS = 3; // how often missing parts are looked for before the story waits again
const NOT_SENT_FOR_GOOD = new Set([400, 403, 409, 410, 413, 415, 422]);
const ANSWER_WITHIN_MS = 60_000;

let going = null; // the story that this window sends: { client, stop }
onChange(() => going && stopIfGone(going).catch(() => null));

class Later extends Error {}
class SignInNeeded extends Error {}
class NeedsPerson extends Error {
  constructor(message, mend = null) {
    super(message);
    this.mend = mend; // what the worker can do about it: "ticks", or nothing but try again
  }
}

// Ask who is signed in. Gives { me, session }: "on", "off" (was here before, must sign in again),
// "nobody", "other" (signed in, but no outreach worker), "unknown" (no connection; `me` as kept).
export async function whoIsHere() {
  if (await isLeaving()) return { me: null, session: (await leaveForGood()) ? "nobody" : "unknown" };
  const kept = await stillValid();
  let answer;
  try {
    answer = await fetch("/collect/me", { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  } catch {
    return { me: kept, session: "unknown" };
  }
  if (answer.ok) {
    const me = await answer.json();
    // A full phone cannot write that. What waits has to be sent all the same: it makes room.
    await putMe(me, allowedFrom(me.offline_days, Date.now())).catch(() => kept?.worker.id === me.worker.id || forgetMe());
    return { me, session: "on" };
  }
  if (answer.status === 401) return { me: kept, session: kept ? "off" : "nobody" };
  if (answer.status === 403) {
    await forgetMe();
    return { me: null, session: "other" };
  }
  return { me: kept, session: "unknown" };
}

// Who was here before and may still record, without asking the server; null for nobody.
export async function whoWasHere() {
  return (await isLeaving()) ? null : stillValid();
}

async function stillValid() {
  const now = Date.now();
  const me = await getMe();
  if (!me) return null;
  const allowed = await changeAllowed((before) => lookedAt(before, now)).catch(() => null);
  // A full phone cannot write that, and an earlier version did not: then by the server's date.
  return (allowed ? mayRecord(allowed) : Date.parse(me.until) > now) ? me : null;
}

// Sign out: on this phone at once, on the server now or as soon as there is a connection. Gives
// whether the server knows.
export async function leaveForGood() {
  await forgetMe({ leaving: true });
  const within = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const answer = await fetch("/sign-out", { method: "POST", redirect: "manual", signal: within }).catch(() => null);
  if (!answer) return false;
  await forgetMe();
  return true;
}

async function stopIfGone({ client, stop }) {
  if ((await getItem(client))?.state !== "waiting") stop.abort();
}

// Ask the server to delete what came of a story that was deleted here, once nothing of it is on its
// way any more. Gives "gone", "safe" (all of it had arrived: it stays), or "unknown" (asked again later).
export function tellDeleted(client) {
  if (going?.client === client) going.stop.abort();
  return alone(client, async () => {
    const item = await getItem(client);
    if (!isUntold(item)) return item?.state === "safe" ? "safe" : "gone";
    const within = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const answer = await fetch(`/collect/stories/${client}`, { method: "DELETE", signal: within }).catch(() => null);
    const said = answer?.status === 200 ? await answer.json().catch(() => null) : null;
    if (said) await changeItem(client, { state: "safe", reference: said.reference, untold: false });
    else if (answer?.status === 204) await changeItem(client, { untold: false });
    return said ? "safe" : answer?.status === 204 ? "gone" : "unknown";
  });
}

// Send all that waits, and say what was deleted. `on.progress(client, percent or null)` and
// `on.changed(client)` tell how it goes. Gives "done", "later", or "sign-in". One window sends at a time.
export function sendWaiting(me, on) {
  return navigator.locks.request("storybank-sending", { ifAvailable: true }, async (lock) => {
    if (!lock) return "later";
    let ended = "done";
    const here = (await items(me.worker.id)).reverse();
    for (const { client } of here.filter(isUntold)) await tellDeleted(client).then(() => on.changed(client));
    for (const { client } of here.filter((item) => item.state === "waiting")) {
      const how = await alone(client, (mine) => (mine ? sendInTurn(client, on) : "later"), { ifAvailable: true });
      if (how === "sign-in") return how;
      if (how === "later") ended = how;
    }
    return ended;
  });
}

async function sendInTurn(client, on) {
  const stop = new AbortController();
  going = { client, stop };
  try {
    await sendOne(client, on, stop.signal);
    return "done";
  } catch (error) {
    if (error instanceof SignInNeeded) return "sign-in";
    if (!(error instanceof NeedsPerson)) return "later";
    await changeItem(client, { state: "needs", says: error.message, mend: error.mend }, ["waiting"]);
    return "done";
  } finally {
    going = null;
    on.progress(client, null);
    await on.changed(client);
  }
}

async function sendOne(client, on, signal) {
  const item = await getItem(client);
  if (item?.state !== "waiting") return; // deleted while another one was being sent
  if (!item.tried) await changeItem(client, { tried: true }, ["waiting"]).catch(() => null); // a full phone
  on.progress(client, 0);
  const parts = item.parts.map(({ name, bytes, frames, mime, seconds }) => ({ name, bytes, frames, mime, seconds }));
  const ticked = Boolean(item.ticked);
  const announced = { client_id: client, details: toBase64(item.details), parts, ticked };
  let answer = await post("/collect/stories", announced);
  for (let round = 0; answer.state !== "safe"; round += 1) {
    if (round === ROUNDS) throw new Later();
    await sendParts(item, answer.missing ?? [], on, signal);
    if ((await getItem(client))?.state !== "waiting") return;
    answer = await post(`/collect/stories/${client}/finish?ticked=${ticked}`, {});
  }
  await emptyItem(client, { state: "safe", reference: answer.reference, ended: new Date().toISOString() });
}

async function sendParts(item, missing, on, signal) {
  const whole = item.parts.reduce((sum, part) => sum + part.bytes, 0);
  let done = item.parts.filter((part) => !missing.includes(part.name)).reduce((sum, part) => sum + part.bytes, 0);
  const tell = (bytes) => on.progress(item.client, Math.min(99, Math.floor((100 * (done + bytes)) / whole)));
  for (const part of item.parts.filter((one) => missing.includes(one.name))) {
    tell(0);
    await sendPart(item, part.name, tell, signal);
    done += part.bytes;
  }
}

async function sendPart(item, name, onProgress, signal) {
  const onAddress = (address) => {
    item.uploads[name] = address;
    return changeItem(item.client, { uploads: item.uploads }, ["waiting"]);
  };
  try {
    const blob = await sealedPart(item.client, name);
    await upload(blob, { client: item.client, name, known: item.uploads[name], onAddress, onProgress, signal });
  } catch (error) {
    const status = statusOf(error);
    if (status === 401) throw new SignInNeeded();
    if (status === 413) throw new NeedsPerson("It was refused on the way as too large.");
    throw new Later();
  }
}

// The answer of the server as an object. A refusal for good becomes the server's own sentence.
export async function post(address, sent) {
  let answer;
  try {
    answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(sent),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
  } catch {
    throw new Later();
  }
  const said = await answer.json().catch(() => ({}));
  if (answer.ok) return said;
  if (answer.status === 401) throw new SignInNeeded();
  if (answer.status === 409 && said.missing) return said;
  if (NOT_SENT_FOR_GOOD.has(answer.status)) {
    throw new NeedsPerson(said.error || "The server did not take it.", said.mend);
  }
  throw new Later();
}
