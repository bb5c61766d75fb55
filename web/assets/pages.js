// What every page does when it can run scripts: focus goes to a list of errors, one press of a
// button sends once, one leaves in a hurry.
import { Button } from "govuk-frontend/dist/govuk/components/button/button.mjs";
import { ErrorSummary } from "govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs";
import { Checkboxes } from "govuk-frontend/dist/govuk/components/checkboxes/checkboxes.mjs";
import { ExitThisPage } from "govuk-frontend/dist/govuk/components/exit-this-page/exit-this-page.mjs";
import { SkipLink } from "govuk-frontend/dist/govuk/components/skip-link/skip-link.mjs";

const PARTS = [Button, Checkboxes, ErrorSummary, ExitThisPage, SkipLink];

function enliven(root) {
  for (const Part of PARTS) {
    for (const element of root.querySelectorAll(`[data-module="${Part.moduleName}"]`)) {
      if (!element.hasAttribute(`data-${Part.moduleName}-init`)) new Part(element);
    }
  }
}

// A page that answers a form belongs to what was sent, and the browser writes both to its disk.
// Put in its own place it is a page like any other. On pages whose forms hold somebody's words.
if (document.querySelector("form[autocomplete=off]")) {
  history.replaceState(history.state, "");
}

// Who leaves in a hurry leaves nothing to go back to: a browser keeps pages in memory, and where there
// is no line the server cannot tell it to forget them. The page is emptied, and asked for anew.
let inAHurry = false;
window.addEventListener("pagehide", () => {
  inAHurry = document.body.classList.contains("govuk-exit-this-page-hide-content");
  if (inAHurry) document.body.replaceChildren();
});
window.addEventListener("pageshow", (event) => event.persisted && inAHurry && location.reload());

enliven(document);
document.addEventListener("htmx:after:swap", () => enliven(document));

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
