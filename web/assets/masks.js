// Going through masks: move with the arrows, decide with one key, select words to mask them.
const texts = [...document.querySelectorAll(".sb-masks__told")];
const form = document.getElementById("add");
const cards = [...document.querySelectorAll(".sb-masks__card")];

for (const hint of document.querySelectorAll(".sb-scripted")) hint.hidden = false;
// A phone or tablet has no keys to press.
const keys = document.getElementById("keys");
if (keys) keys.hidden = matchMedia("(hover: none)").matches;

function current() {
  return document.activeElement.closest?.(".sb-masks__card") ?? null;
}

function move(step) {
  const at = cards.indexOf(current());
  const next = cards[at < 0 ? 0 : Math.min(Math.max(at + step, 0), cards.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function press(act) {
  current()?.querySelector(`button[value="${act}"]`)?.click();
}

const KEYS = {
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
  k: () => press("keep"),
  s: () => press("show"),
  u: () => press("undo"),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, select, textarea");
  // With Shift, arrows select words; capitals without it come from the lock.
  const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || !act) return;
  event.preventDefault();
  // A key held down decides once: else it would go on to details that nobody has looked at.
  if (event.key.startsWith("Arrow") || !event.repeat) act();
});

// After a decision the page comes back at the next detail.
if (location.hash === "#next") {
  document.getElementById("next")?.focus();
}

function fill() {
  const selected = document.getSelection();
  const words = String(selected).trim();
  if (words && texts.some((text) => text.contains(selected.anchorNode))) form.elements.words.value = words;
}

for (const text of texts) {
  text.addEventListener("mouseup", fill);
  text.addEventListener("touchend", fill);
}
document.addEventListener("keyup", (event) => {
  if (event.shiftKey || event.key === "Shift") fill();
});
