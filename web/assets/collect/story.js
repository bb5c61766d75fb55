// A story in the making: what is known of it, sealed and written to the phone at each step.
import { isTold } from "./say.js";
import { sealedJson, sealer } from "./seal.js";
import { addSlice, alone, changeItem, dropItem, dropSlices, emptyItem, getItem, items, putItem } from "./store.js";

// How consent is asked for a programme: in its own words, or in those of the council.
export function askedFor(me, slug) {
  return me.programmes.find((one) => one.slug === slug)?.consent ?? me.consent;
}

// A new story; `instead` of another, if any, of which nothing was told: that goes when this is kept.
export function newStory(me, instead = null) {
  return {
    me,
    instead,
    client: crypto.randomUUID(),
    details: {
      worker: me.worker.id, // sealed in, so that nobody can send a saved file as theirs
      mode: "spoken", programme: me.programmes[0]?.slug ?? null, place: null, told_on: null, teller: null, relation: null,
      language: null, text: null, note: null, read_back: false,
      consent: { uses: null, how: null, given_by: null, wording: null },
    },
    parts: [],
    sounds: new Map(), // name -> { blob pieces, kind }: to hear again while this page is open
    begun: false,
    kept: false, // from then on nothing of it is written any more
    last: Promise.resolve(), // writes of the details go one after the other
    keeping: null, // the promise of being ready to be sent, also for a second tap
    letGo: null,
  };
}

// Write the details as they now stand. The first call makes the item, and takes it for this page.
export function keepDetails(story) {
  if (story.kept) return story.last;
  return inTurn(story);
}

function inTurn(story) {
  story.last = story.last.catch(() => null).then(() => writeDetails(story));
  return story.last;
}

async function writeDetails(story) {
  const details = await sealedJson(story.me.key, story.client, "details", story.details);
  const { text, note, mode } = story.details;
  const words = (text ?? "").split(/\s+/).filter(Boolean).length;
  const noted = Boolean(note);
  if (story.begun) {
    await changeItem(story.client, { details, mode, words, noted });
    return;
  }
  if (!story.letGo) await hold(story); // before it can be seen: nobody may take it for cut off
  await putItem({
    client: story.client, worker: story.me.worker.id, made: new Date().toISOString(),
    mode, state: "making", details, words, noted, parts: [], uploads: {},
  });
  story.begun = true;
}

// Begin a part of the sound. write(blob, seconds) gives a promise that the slice is on the disk.
// After one slice could not be written, none after it is: a gap cannot be opened again.
export async function newPart(story, name, kind) {
  const seal = await sealer(story.me.key, story.client, name);
  const part = { name, mime: kind.split(";")[0], seconds: 0, bytes: 0, frames: 0 };
  const sound = { kind, slices: [] };
  story.sounds.set(name, sound);
  let last = Promise.resolve();
  const one = async (blob, seconds) => {
    const sealed = await seal(new Uint8Array(await blob.arrayBuffer()));
    const grown = { ...part, seconds, bytes: part.bytes + sealed.length, frames: part.frames + 1 };
    await addSlice(story.client, grown, part.frames, sealed);
    if (!part.frames) story.parts.push(part);
    Object.assign(part, grown);
    sound.slices.push(blob);
  };
  return {
    part,
    write: (blob, seconds) => (last = last.then(() => one(blob, seconds))),
    written: () => last,
  };
}

export async function dropPart(story, name) {
  story.parts = story.parts.filter((part) => part.name !== name);
  story.sounds.delete(name);
  await dropSlices(story.client, name);
  await changeItem(story.client, { parts: story.parts });
}

export function heard(story, name) {
  const sound = story.sounds.get(name);
  return sound?.slices.length ? URL.createObjectURL(new Blob(sound.slices, { type: sound.kind })) : null;
}

// From here on the story is ready to be sent, and is not changed any more: the server takes a
// story under one id only once.
export function keep(story) {
  story.keeping ??= freeze(story).catch((error) => {
    Object.assign(story, { kept: false, keeping: null });
    throw error;
  });
  return story.keeping;
}

async function freeze(story) {
  story.kept = true;
  await inTurn(story);
  await changeItem(story.client, { state: "waiting" });
  story.letGo?.();
  const gone = { state: "deleted", reason: "It was begun again", ended: new Date().toISOString() };
  if (story.instead) await emptyItem(story.instead, gone).catch(() => null);
}

// Let go of a story that is not kept; with `drop` nothing of it stays on the phone.
export async function leave(story, { drop = true } = {}) {
  story.kept = true;
  await story.last.catch(() => null);
  try {
    if (story.begun && drop) await dropItem(story.client); // still held, so that nobody sends it
  } catch (error) {
    story.kept = false; // it is still there, and what is answered next has to be written
    throw error;
  }
  story.letGo?.();
}

// Stories that a page began and did not finish: the battery died, or the browser was closed. What
// was told is ready to be sent; where nothing was told there is nothing to keep.
export async function settleCutOff() {
  for (const { client, state } of await items()) {
    if (state !== "making") continue;
    await alone(client, async (lock) => {
      const item = lock && (await getItem(client)); // without the lock: a page is still at work on it
      if (item?.state !== "making") return;
      if (isTold(item)) await changeItem(item.client, { state: "waiting", cut: true });
      else if (item.noted || item.parts.length) await changeItem(item.client, { state: "needs" });
      else await dropItem(item.client);
    }, { ifAvailable: true });
  }
}

// Gives when the story is this page's alone, until it lets go of it or closes.
function hold(story) {
  return new Promise((held, failed) => {
    const taken = () => new Promise((letGo) => { story.letGo = letGo; held(); });
    alone(story.client, taken).catch(failed);
  });
}
