// A form that is sent where there is no line takes its page with it, and what was typed on it. So that
// is said first, and nothing is sent; who presses again tries all the same. Pages that have a notice.
const notice = document.getElementById("no-line");

document.addEventListener("submit", (event) => {
  if (navigator.onLine || !notice.hidden) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  notice.hidden = false;
  notice.focus();
}, true);
window.addEventListener("online", () => (notice.hidden = true));
