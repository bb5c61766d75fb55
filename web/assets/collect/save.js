// A sealed copy of a story as a file of the phone, for when it cannot be sent.
//
// First a line of JSON (which part follows, in which order, how long), then the envelopes as they
// are. It is as locked as on the phone: only the server can open it, and takes it at /worker/saved
// (storybank/capture/saved_items.py).
import { sealedPart } from "./store.js";
import { toBase64 } from "./seal.js";

export async function saveSealed(app, item) {
  const head = {
    storybank: 1, worker: item.worker, client_id: item.client, made: item.made, details: toBase64(item.details),
    parts: item.parts.map(({ name, bytes, frames, mime, seconds }) => ({ name, bytes, frames, mime, seconds })),
  };
  const parts = [];
  for (const part of item.parts) parts.push(await sealedPart(item.client, part.name));
  const file = new Blob([`${JSON.stringify(head)}\n`, ...parts], { type: "application/octet-stream" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = `story-${item.made.slice(0, 10)}-${item.client.slice(0, 8)}.storybank`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  app.say("A locked copy is saved on this phone. Only the council's computer can open it. You can send it at /worker/saved, from a computer too.");
}
