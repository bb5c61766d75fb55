// The teller's receipt code, to hand over. It opens the story, so it is never kept on the phone:
// each look at it asks the server again.
import { body, button, h, inset } from "./dom.js";
import { post } from "./sending.js";

const SVG = "http://www.w3.org/2000/svg";
const EDGE = 4; // light squares round it, which cameras need

export async function showReceipt(app, item) {
  let answer;
  app.say("Getting the receipt …");
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
    body("Let the person who told the story take a picture of this, or write it down for them. With it they can read, change or take back their story."),
    h("div.govuk-panel.govuk-panel--confirmation", {}, h("div.sb-receipt", {},
      h("p.sb-panel-say", {}, "Their code"), h("p.sb-code", {}, code),
      h("div.sb-qr", { role: "img", "aria-label": "A picture of the code. A phone camera can read it." }, drawn(answer.squares)))),
    body("They point their phone's camera at the square, or type the code in at ", h("strong", {}, answer.opens_at), "."),
    h("div.sb-no-print", {}, inset("Do not keep a copy. Whoever has the code can open the story.")),
    h("div.sb-actions.sb-no-print", {},
      button("Done", () => app.list()),
      button("Print this page", () => window.print(), { kind: "secondary" })));
  app.back = () => app.list();
}

// The rows of a QR code ("0110...", "1" is dark) as a picture.
function drawn(rows) {
  const size = rows.length + 2 * EDGE;
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", `0 0 ${size} ${size}`);
  picture.setAttribute("class", "sb-qr__picture");
  const dark = document.createElementNS(SVG, "path");
  const squares = rows.flatMap((row, y) =>
    [...row].map((square, x) => (square === "1" ? `M${x + EDGE} ${y + EDGE}h1v1h-1z` : "")));
  dark.setAttribute("d", squares.join(""));
  picture.append(dark);
  return picture;
}
