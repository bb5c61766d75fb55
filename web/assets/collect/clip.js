// The recording of a spoken yes: what it has to be to count, said at once while the teller is there.
const LEAST_S = 1;
const SILENT = 2 / 128; // what a microphone gives that is switched off, or held shut

export const MOST_CLIP_S = 10 * 60; // the server takes fifteen minutes
export const CLIP_WORDS = {
  ready: "Read the sentence, then record their answer.",
  start: "Record their answer",
  more: "Record it again",
  soon: "2 minutes are left for their answer.",
  full: "This is as long as an answer can be. It is kept on this phone.",
  cut: "Recording has stopped. Hear it. If their answer is not whole, record it again.",
};

// Why a clip cannot count, or null. `loudest` is null where the browser could not measure it.
export function whyNoClip({ seconds, bytes, loudest }) {
  const again = "Record their answer again, or choose another way.";
  if (!bytes || seconds < LEAST_S) return `That was too short to be an answer. ${again}`;
  if (loudest !== null && loudest < SILENT) return `Nothing can be heard in it. Is the microphone covered? ${again}`;
  return null;
}
