// Words typed into one form of a page are lost with a press on any other button, or a link. Where
// they are not kept yet, ask first. A form says in `data-typed` what is typed into it (nothing, where
// it is the only one on its page: of links the browser asks in words of its own), and with
// `data-unkept` that it came back with words that are not kept. Who leaves in a hurry is not asked.
const forms = [...document.querySelectorAll("form[data-typed]")];
let leaving = false;

function changed(box) {
  if (box.type === "checkbox") return box.checked !== box.defaultChecked;
  if (box.tagName !== "SELECT") return box.value !== box.defaultValue;
  const first = [...box.options].findIndex((option) => option.defaultSelected);
  return box.selectedIndex !== Math.max(0, first);
}

function unkept(form) {
  const boxes = form.querySelectorAll("textarea, select, input[type=checkbox]");
  return "unkept" in form.dataset || [...boxes].some(changed);
}

document.addEventListener("submit", (event) => {
  const lost = forms.find((form) => form !== event.target && unkept(form));
  leaving = !lost || window.confirm(`${lost.dataset.typed} is not kept yet, and would be lost. Go on without it?`);
  if (leaving) return;
  event.preventDefault();
  lost.querySelector("textarea, select").focus();
});

window.addEventListener("beforeunload", (event) => {
  const inAHurry = document.body.classList.contains("govuk-exit-this-page-hide-content");
  if (leaving || inAHurry || !forms.some(unkept)) return;
  event.preventDefault();
  event.returnValue = true; // Chrome before 119 asks for this only
});
window.addEventListener("pageshow", () => (leaving = false));
