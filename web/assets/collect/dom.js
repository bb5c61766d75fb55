// Elements by plain calls; text is always text, so nothing that was typed can become markup.
let lastId = 0;

// h("p.class.other", { attribute: value, onclick: function }, child, "text", [more], null)
export function h(what, attributes = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

export function button(words, onclick, { kind = "", hidden = "", ...attributes } = {}) {
  const hint = hidden && h("span.govuk-visually-hidden", {}, ` ${hidden}`);
  const look = kind ? `.govuk-button--${kind}` : "";
  return h(`button.govuk-button${look}`, { type: "button", onclick, ...attributes }, words, hint || null);
}

export function body(...children) {
  return h("p.govuk-body", {}, ...children);
}

export function inset(...children) {
  return h("div.govuk-inset-text", {}, ...children);
}

// Radios or checkboxes: `choices` are [value, words, hint?]; gives { element, value(), id }.
export function choose(type, legend, choices, { hint = "", chosen = [], onchange } = {}) {
  const name = `choice-${++lastId}`;
  const kind = type === "radio" ? "radios" : "checkboxes";
  const box = `govuk-${kind}`;
  const inputs = choices.map(([value], i) =>
    h(`input.${box}__input`, {
      type, name, value, id: `${name}-${i}`, onchange, checked: chosen.includes(value),
      "aria-describedby": choices[i][2] ? `${name}-${i}-hint` : null,
    }),
  );
  const items = choices.map(([, words, more], i) =>
    h(`div.${box}__item`, {}, inputs[i],
      h(`label.govuk-label.${box}__label`, { for: `${name}-${i}` }, words),
      more ? h(`div.govuk-hint.${box}__hint`, { id: `${name}-${i}-hint` }, more) : null),
  );
  const fields = h("fieldset.govuk-fieldset", { "aria-describedby": hint ? `${name}-hint` : null },
    h("legend.govuk-fieldset__legend.govuk-fieldset__legend--m", {}, legend),
    hint ? h("div.govuk-hint", { id: `${name}-hint` }, hint) : null,
    h(`div.${box}`, {}, items));
  return {
    id: `${name}-0`,
    element: h("div.govuk-form-group", {}, fields),
    values: () => inputs.filter((input) => input.checked).map((input) => input.value),
    value: () => inputs.find((input) => input.checked)?.value ?? null,
  };
}

// A labelled control of its own: `make(attributes)` gives the input, select or textarea.
function labelled(label, hint, make) {
  const id = `field-${++lastId}`;
  const control = make({ id, "aria-describedby": hint ? `${id}-hint` : null });
  const element = h("div.govuk-form-group", {},
    h("label.govuk-label.govuk-label--s", { for: id }, label),
    hint ? h("div.govuk-hint", { id: `${id}-hint` }, hint) : null, control);
  return { id, element, control, value: () => control.value };
}

export function pick(label, choices, { hint = "", chosen = "", onchange } = {}) {
  return labelled(label, hint, (attributes) =>
    h("select.govuk-select", { ...attributes, onchange },
      choices.map(([value, words]) => h("option", { value, selected: value === chosen }, words))));
}

export function day(label, { hint = "", value, max }) {
  return labelled(label, hint, (attributes) =>
    h("input.govuk-input.govuk-input--width-10", { ...attributes, type: "date", value, max }));
}

export function words(label, { hint = "", rows = 6, value = "", oninput } = {}) {
  const field = labelled(label, hint, (attributes) =>
    h("textarea.govuk-textarea", { ...attributes, rows, oninput, autocomplete: "off" }));
  field.control.value = value;
  return field;
}

// What keeps a form from going on: [[sentence, id of the field], ...]. Focus goes to the list.
export function problems(page, found) {
  for (const old of page.querySelectorAll(".govuk-error-summary, .govuk-error-message")) old.remove();
  for (const old of page.querySelectorAll(".govuk-form-group--error")) {
    old.classList.remove("govuk-form-group--error");
  }
  document.title = document.title.replace(/^(Error: )?/, found.length ? "Error: " : "");
  if (!found.length) return false;
  for (const [sentence, id] of found) mark(document.getElementById(id), sentence);
  const jump = (event) => {
    event.preventDefault();
    document.getElementById(event.target.hash.slice(1)).focus();
  };
  const summary = h("div.govuk-error-summary", { tabindex: "-1" },
    h("div", { role: "alert" },
      h("h2.govuk-error-summary__title", {}, "There is a problem"),
      h("div.govuk-error-summary__body", {},
        h("ul.govuk-list.govuk-error-summary__list", {},
          found.map(([sentence, id]) => h("li", {}, h("a", { href: `#${id}`, onclick: jump }, sentence)))))));
  page.prepend(summary);
  summary.focus();
  return true;
}

function mark(field, sentence) {
  const group = field?.closest(".govuk-form-group");
  if (!group) return;
  group.classList.add("govuk-form-group--error");
  const message = h("p.govuk-error-message", {},
    h("span.govuk-visually-hidden", {}, "Error: "), sentence);
  const legend = group.querySelector("legend, label");
  legend.after(message);
}
