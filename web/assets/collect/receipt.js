// The teller's receipt code, to hand over. It opens the story, so it is never kept on the phone:
// each look at it asks the server again.
import { body, button, h, inset } from "./dom.js";
import { post } from "./sending.js";

export async function showReceipt(app, item) {
  let answer;
  try {
    answer = await post(`/collect/stories/${item.client}/finish`, {});
  } catch {
    app.say("The receipt cannot be shown now. Sign in with a connection, and try again.");
    return;
  }
  if (!answer.receipt) {
    app.say("The receipt was shown once and is not kept. The teller can use the code you gave them.");
    return;
  }
  const code = answer.receipt.replace(/\D/g, "").replace(/(\d{4})(?=\d)/g, "$1 ");
  app.show("The teller's receipt",
    body("Write this down for the person who told the story. With it they can read, change or take back their story."),
    h("div.govuk-panel.govuk-panel--confirmation", {},
      h("p.sb-panel-say", {}, "Their code"), h("p.sb-code", {}, code)),
    inset("Do not keep a copy. Whoever has the code can open the story."),
    button("Done", () => app.list()));
}
