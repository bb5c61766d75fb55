// A form that is sent where there is no line takes its page with it, and what was typed on it. So that
// is said first, in the form or, where it has no such notice, in another one of the page, and nothing
// is sent; who presses again tries all the same. Pages that have a notice.
const notices = [...document.querySelectorAll("[data-no-line]")];

document.addEventListener("submit", (event) => {
  const notice = notices.find((one) => event.target.contains(one)) ?? notices[0];
  if (navigator.onLine || !notice?.hidden) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  notice.hidden = false;
  notice.focus();
}, true);
window.addEventListener("online", () => notices.forEach((one) => (one.hidden = true)));
