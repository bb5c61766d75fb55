// A click on a sentence, or on the time of a quote, plays the recording from there; the sentence
// that is being heard is marked. Listens on the document, so swapped parts work as they come.
const player = document.getElementById("player");

function play(event) {
  const link = event.target.closest("a[data-at]");
  if (!link || !player || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const start = () => {
    player.currentTime = Number(link.dataset.at);
    player.play().catch(() => {}); // a browser may refuse to start; the controls are there
  };
  if (player.readyState > 0) {
    start();
  } else {
    player.addEventListener("loadedmetadata", start, { once: true });
    player.preload = "auto"; // where it was "none", so that only what is played is fetched
    player.load();
  }
}

function markLine() {
  for (const line of document.querySelectorAll(".sb-line[data-at]")) {
    const heard =
      player.currentTime >= Number(line.dataset.at) - 0.05 &&
      player.currentTime < Number(line.dataset.until);
    if (heard) line.setAttribute("aria-current", "true");
    else line.removeAttribute("aria-current");
  }
}

document.addEventListener("click", play);
if (player) player.addEventListener("timeupdate", markLine);
