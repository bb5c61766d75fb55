// What stands on the phone. In clear: ids, times, counts, states. All else comes here sealed.
//
//   me      the worker who was signed in last, and the lists that a new story needs; beside it how
//           long the phone may record without a connection (allowed.js)
//   items   one row a story: { client, worker, made, mode, state, details (sealed),
//           words (of the teller, written down: how many), noted (whether the worker wrote a note),
//           ticked (the worker's ticks count in place of a spoken yes that cannot be played),
//           tried (something of it may have reached the server), untold (deleted here, and the
//           server has not answered to that yet),
//           parts: [{ name, mime, seconds, bytes, frames }], uploads: { name: address } }
//           state: making | waiting | needs | safe | deleted
//   slices  one row a second of sound, by [client, name, index]
import { openDB } from "idb";

const STRICT = { durability: "strict" }; // on the disk before we believe it
const NO_END = [];
const windows = new BroadcastChannel("storybank-collect");
let opened = null;

function database() {
  opened ??= openDB("storybank-collect", 1, {
    upgrade(db) {
      db.createObjectStore("me");
      db.createObjectStore("items", { keyPath: "client" });
      db.createObjectStore("slices", { keyPath: ["client", "name", "index"] });
    },
    terminated: () => (opened = null),
  }).catch((error) => {
    opened = null; // and not for good: the next step tries again
    throw error;
  });
  return opened;
}

// A transaction that writes. Phones close the connection in the background without a word: then it
// is opened anew, once, for a slice that cannot be written ends the recording.
async function writing(stores) {
  const begin = (db) => db.transaction(stores, "readwrite", STRICT);
  try {
    return begin(await database());
  } catch (error) {
    if (error.name !== "InvalidStateError") throw error;
    opened = null;
    return begin(await database());
  }
}

// Hear of what another window has done to the stories.
export function onChange(hear) {
  windows.addEventListener("message", hear);
}

function tellOthers() {
  windows.postMessage("changed");
}

export async function getMe() {
  return (await database()).get("me", "me");
}

export async function putMe(me, allowed) {
  const tx = await writing("me");
  await Promise.all([tx.store.put(me, "me"), tx.store.put(allowed, "allowed"), tx.done]);
}

// Change how long the phone may record; gives it as it stands then, or null where nobody knows.
export async function changeAllowed(change) {
  const tx = await writing("me");
  const before = await tx.store.get("allowed");
  const allowed = before ? change(before) : null;
  if (allowed) await tx.store.put(allowed, "allowed");
  await tx.done;
  return allowed;
}

// Forget who was signed in; `leaving`: the server has still to be told.
export async function forgetMe({ leaving = false } = {}) {
  const tx = await writing("me");
  const cleared = tx.store.clear();
  const marked = leaving ? tx.store.put(true, "leaving") : null;
  await Promise.all([cleared, marked, tx.done]);
}

export async function isLeaving() {
  return Boolean(await (await database()).get("me", "leaving"));
}

// The stories of one worker, the newest first; of all workers where none is named.
export async function items(worker = null) {
  const all = await (await database()).getAll("items");
  return all
    .filter((item) => worker === null || item.worker === worker)
    .sort((a, b) => (a.made < b.made ? 1 : -1));
}

export async function getItem(client) {
  return (await database()).get("items", client);
}

export async function putItem(item) {
  const tx = await writing("items");
  await Promise.all([tx.store.put(item), tx.done]);
  tellOthers();
}

// Change some fields of an item as it stands now, `only` in these states if any are named; gives the
// whole, or null where it is gone.
export async function changeItem(client, fields, only = null) {
  const tx = await writing("items");
  const item = await tx.store.get(client);
  if (item && (!only || only.includes(item.state))) await tx.store.put(Object.assign(item, fields));
  await tx.done;
  tellOthers();
  return item ?? null;
}

// One second of sound and the counts that go with it, in one transaction: both or neither.
export async function addSlice(client, part, index, sealed) {
  const tx = await writing(["items", "slices"]);
  const rows = tx.objectStore("items");
  const item = await rows.get(client);
  const known = item.parts.find((one) => one.name === part.name);
  if (known) Object.assign(known, part);
  else item.parts.push({ ...part });
  // `add`, not `put`: a slice is never written over.
  await Promise.all([
    tx.objectStore("slices").add({ client, name: part.name, index, sealed }),
    rows.put(item),
    tx.done,
  ]);
}

export async function sealedPart(client, name) {
  const range = IDBKeyRange.bound([client, name], [client, name, NO_END]);
  const slices = await (await database()).getAll("slices", range);
  return new Blob(slices.map((slice) => slice.sealed));
}

// Take a part, or the whole of a story's sound, off the phone.
export async function dropSlices(client, name = null) {
  const from = name === null ? [client] : [client, name];
  const tx = await writing("slices");
  await Promise.all([tx.store.delete(IDBKeyRange.bound(from, [...from, NO_END])), tx.done]);
}

// A story leaves the phone, `only` in these states if any are named; what is left of it says only that
// it was, and how it ended. Gives it as it was before, or null where it stays.
export async function emptyItem(client, fields, only = null) {
  const tx = await writing(["items", "slices"]);
  const rows = tx.objectStore("items");
  const item = await rows.get(client);
  const stays = Boolean(item && only && !only.includes(item.state));
  if (item && !stays) await rows.put({ ...item, ...fields, details: null, uploads: {} });
  if (!stays) await tx.objectStore("slices").delete(IDBKeyRange.bound([client], [client, NO_END]));
  await tx.done;
  tellOthers();
  return stays ? null : item ?? null;
}

// Do something with a story while no other page makes, sends or deletes it; with `ifAvailable`,
// `act` gets null where one does, and else waits for its turn.
export function alone(client, act, options = {}) {
  return navigator.locks.request(`storybank-story-${client}`, options, act);
}

export async function dropItem(client) {
  const tx = await writing(["items", "slices"]);
  await Promise.all([
    tx.objectStore("items").delete(client),
    tx.objectStore("slices").delete(IDBKeyRange.bound([client], [client, NO_END])),
    tx.done,
  ]);
  tellOthers();
}
