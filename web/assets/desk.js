// The evaluator's desk: play from a sentence, and turn a selection into a quotation.
const player = document.getElementById("player");
const passages = document.getElementById("passages");
const form = document.getElementById("add");

function playFrom(seconds) {
  player.currentTime = seconds;
  player.play();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-play]");
  if (link && player) {
    event.preventDefault();
    playFrom(Number(link.dataset.play));
  }
});

if (player && passages) {
  const spoken = [...passages.querySelectorAll("[data-at]")];
  passages.addEventListener("click", (event) => {
    const piece = event.target.closest("[data-at]");
    if (piece && document.getSelection().isCollapsed) playFrom(Number(piece.dataset.at));
  });
  player.addEventListener("timeupdate", () => {
    const now = player.currentTime + 0.05;
    const begun = spoken.filter((piece) => Number(piece.dataset.at) <= now);
    const at = begun.length ? begun[begun.length - 1].dataset.at : null;
    for (const piece of spoken) {
      piece.classList.toggle("sb-playing", !player.paused && piece.dataset.at === at);
    }
  });
}

// A selection counts in UTF-16 units from the start of its passage; the server turns it into the
// story's own count, and checks it against the words.
function selected() {
  const selection = document.getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const passage = closestPassage(range.startContainer);
  if (!passage) return null;
  const whole = document.createRange();
  whole.selectNodeContents(passage);
  // A selection that runs on into the next passage stops at the end of this one.
  if (range.compareBoundaryPoints(Range.END_TO_END, whole) > 0) {
    range.setEnd(whole.endContainer, whole.endOffset);
  }
  const before = document.createRange();
  before.setStart(passage, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const start = before.toString().length;
  const words = range.toString();
  return words.trim() ? { passage: passage.dataset.passage, start, words } : null;
}

function closestPassage(node) {
  const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
  return element ? element.closest("[data-passage]") : null;
}

if (form && passages) {
  for (const hint of document.querySelectorAll(".sb-scripted")) hint.hidden = false;
  const toAdd = document.getElementById("to-add");
  toAdd.addEventListener("click", () => {
    toAdd.hidden = true;
    form.scrollIntoView({ block: "center" });
    form.elements.code.focus();
  });
  const fill = () => {
    const found = selected();
    toAdd.hidden = !found;
    if (!found) return;
    form.elements.passage.value = found.passage;
    form.elements.words.value = found.words;
    form.elements.start.value = found.start;
    form.elements.end.value = found.start + found.words.length;
  };
  passages.addEventListener("mouseup", fill);
  passages.addEventListener("touchend", fill);
  document.addEventListener("keyup", (event) => {
    if (event.shiftKey || event.key === "Shift") fill();
  });
  // Words changed by hand stand where they are found, not where they were selected.
  const forget = () => {
    form.elements.start.value = form.elements.end.value = "";
  };
  form.elements.words.addEventListener("input", forget);
  form.elements.passage.addEventListener("change", forget);
}
