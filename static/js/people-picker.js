/*
 * Two elements that look people up while one types:
 *   <people-picker>  several people as chips, unknown names as new people
 *   <person-finder>  one person, circle or page of netcrm, which opens
 * Both ask data-source?q=... for [{uuid, name, detail, url}], newest touch first. Without scripts the plain text
 * input inside them is sent instead, and the server finds out whom it names.
 */

const PAUSE = 70; // milliseconds without a key before the server is asked
const PATIENCE = 3000; // milliseconds that a form waits for the people behind typed names

const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();

function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** An icon that says nothing beyond the words around it. */
function icon(address) {
  const [drawing, use] = ["svg", "use"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  use.setAttribute("href", address);
  drawing.append(use);
  return drawing;
}

/** The small picture of a person, or the first letters of the name. */
function portrait({ picture, initials }) {
  if (picture) return element("img", { className: "portrait", src: picture, alt: "" });
  const letters = element("span", { className: "portrait" });
  letters.dataset.initials = initials; // drawn by CSS: no part of the option's text
  return letters;
}

/** What an input's text suggests: a listbox that follows the ARIA combobox pattern. */
class Suggestions {
  /**
   * @param {HTMLInputElement} input
   * @param {HTMLElement} list the empty listbox
   * @param {{source: string, options: function, take: function}} rules `options(people, text)` turns what was
   *   found into options; `take(option)` uses the one that was chosen.
   */
  constructor(input, list, rules) {
    Object.assign(this, { input, list, ...rules, active: -1, shown: [], known: null });
    list.setAttribute("role", "listbox");
    list.id ||= `${input.id || input.name}_suggestions`;
    const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
    Object.entries(attributes).forEach(([name, value]) => input.setAttribute(name, value));
    input.addEventListener("input", () => this.follow());
    input.addEventListener("blur", () => this.close());
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // the input keeps the focus
    list.addEventListener("click", (event) => this.choose(event.target.closest("[role=option]")));
  }

  get text() {
    return this.input.value.trim();
  }

  /** Whether the list belongs to the text as it stands now. */
  get current() {
    return !this.list.hidden && this.known === this.text;
  }

  /** The people whose names begin like the text. Rejects if the server cannot be reached or the signal aborts. */
  async ask(text, signal) {
    const address = new URL(this.source, location.href);
    address.searchParams.set("q", text);
    const response = await fetch(address, { signal, headers: { Accept: "application/json" } });
    if (response.redirected) document.dispatchEvent(new Event("session-expired"));
    if (response.redirected || !response.ok) throw new Error(`No suggestions: ${response.status}`);
    return response.json();
  }

  follow() {
    clearTimeout(this.pause);
    this.overtaken?.abort();
    if (!this.text) return this.close();
    this.pause = setTimeout(() => this.look(this.text), PAUSE);
  }

  async look(text) {
    this.overtaken = new AbortController();
    try {
      const people = await this.ask(text, this.overtaken.signal);
      if (text === this.text && document.activeElement === this.input) this.show(people, text);
    } catch (error) {
      if (error.name !== "AbortError") this.close();
    }
  }

  show(people, text) {
    this.known = text;
    this.shown = this.options(people, text);
    this.list.replaceChildren(...this.shown.map((option, index) => this.row(option, index)));
    this.list.hidden = this.shown.length === 0;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.highlight(0);
  }

  row(option, index) {
    const row = element("li", { id: `${this.list.id}_${index}`, className: option.create ? "new" : "" });
    row.setAttribute("role", "option");
    if (option.create) row.append(option.label);
    else if (!option.uuid) {
      row.className = "place";
      row.append(element("span", { textContent: option.name }));
      if (option.detail || option.key) row.append(element("span", { className: "detail", textContent: option.detail || option.key }));
    } else {
      row.append(portrait(option));
      row.append(element("span", { className: "name", textContent: option.name }), " ");
      if (option.detail) row.append(element("span", { className: "detail", textContent: option.detail }));
    }
    return row;
  }

  highlight(index) {
    this.active = this.shown.length && index >= 0 ? index % this.shown.length : -1;
    [...this.list.children].forEach((row, position) => row.setAttribute("aria-selected", String(position === this.active)));
    const row = this.list.children[this.active];
    if (row) this.input.setAttribute("aria-activedescendant", row.id);
    else this.input.removeAttribute("aria-activedescendant");
    row?.scrollIntoView({ block: "nearest" });
  }

  move(step) {
    const count = this.shown.length;
    if (!this.list.hidden && count) this.highlight((this.active + step + count) % count);
    else if (this.text) this.look(this.text);
  }

  choose(row) {
    const index = [...this.list.children].indexOf(row);
    if (index >= 0) this.take(this.shown[index]);
  }

  close() {
    clearTimeout(this.pause);
    this.overtaken?.abort();
    this.known = null;
    this.shown = [];
    this.list.hidden = true;
    this.list.replaceChildren();
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

class PeoplePicker extends HTMLElement {
  connectedCallback() {
    if (this.suggestions) return;
    this.input = this.querySelector("input[type=text]");
    this.chips = this.querySelector(".chips");
    this.status = this.querySelector("[role=status]");
    this.searches = new Set();
    this.suggestions = new Suggestions(this.input, this.querySelector(".suggestions"), {
      source: this.dataset.source,
      options: (people, text) => this.options(people, text),
      take: (option) => this.take(option),
    });
    this.chips.querySelectorAll("li").forEach((chip) => this.adopt(chip));
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("paste", (event) => this.paste(event));
    this.input.addEventListener("input", () => this.separate());
    this.addEventListener("click", (event) => this.click(event));
    this.input.form?.addEventListener("submit", (event) => this.hold(event), { capture: true });
  }

  /** Whether somebody has been picked or typed. */
  get empty() {
    return !this.chips.children.length && !this.suggestions.text;
  }

  clear() {
    this.chips.replaceChildren();
    this.rest();
    this.changed();
  }

  say(message, name) {
    this.status.textContent = message.replace("{name}", name);
  }

  changed() {
    this.dispatchEvent(new Event("change", { bubbles: true }));
  }

  options(people, text) {
    const taken = new Set([...this.chips.children].map((chip) => chip.dataset.uuid));
    const free = people.filter((person) => !taken.has(person.uuid));
    return [...free, { create: true, name: text, label: this.dataset.create.replace("{name}", text) }];
  }

  take(option) {
    this.add(option.create ? this.chip("new_people", option.name, option.name) : this.chip("contacts", option.uuid, option.name));
    this.rest();
    this.say(this.dataset.added, option.name);
    this.input.focus();
  }

  /** Take a typed name whose people have not been found yet: it stands as typed until the server has answered. */
  takeTyped(name, exactly) {
    const search = this.resolve(name, exactly).finally(() => this.searches.delete(search));
    this.searches.add(search);
  }

  async resolve(name, exactly) {
    const chip = this.chip("people", name, name);
    chip.setAttribute("aria-busy", "true");
    this.add(chip);
    this.rest();
    const found = await this.suggestions.ask(name, AbortSignal.timeout(PATIENCE)).catch(() => null);
    if (!chip.isConnected) return;
    chip.removeAttribute("aria-busy");
    if (!found) return; // stays a typed name, which the server resolves when the form is sent
    const free = this.options(found, name);
    const option = exactly ? free.find((person) => fold(person.name) === fold(name)) ?? free.at(-1) : free[0];
    chip.replaceWith(option.create ? this.chip("new_people", name, name) : this.chip("contacts", option.uuid, option.name));
    this.say(this.dataset.added, option.name);
    this.changed();
  }

  chip(field, value, name) {
    const chip = element("li", { className: field === "contacts" ? "chip" : "chip new" }, element("span", { textContent: name }));
    chip.append(element("input", { type: "hidden", name: field, value }));
    if (field === "contacts") chip.dataset.uuid = value;
    return this.adopt(chip);
  }

  /** Give a chip its hidden input and its remove button; chips from the server come with a box to untick. */
  adopt(chip) {
    const name = chip.firstElementChild.textContent;
    const box = chip.querySelector("input[type=checkbox]");
    if (box) box.closest("label").replaceWith(element("input", { type: "hidden", name: box.name, value: box.value }));
    const remove = element("button", { type: "button", className: "chip-remove" });
    remove.setAttribute("aria-label", this.dataset.remove.replace("{name}", name));
    remove.append(icon(`${this.dataset.icons}#x`));
    chip.append(remove);
    return chip;
  }

  add(chip) {
    const value = chip.querySelector("input").value;
    const twin = [...this.chips.querySelectorAll("input")].find((input) => fold(input.value) === fold(value));
    if (twin) return;
    this.chips.append(chip);
    this.changed();
  }

  remove(chip) {
    this.say(this.dataset.removed, chip.firstElementChild.textContent);
    chip.remove();
    this.input.focus();
    this.changed();
  }

  /** Empty the input and wait for the next name. */
  rest() {
    this.input.value = "";
    this.suggestions.close();
  }

  key(event) {
    if (event.isComposing) return;
    const { suggestions } = this;
    const { text } = suggestions;
    const used = {
      ArrowDown: () => text && (suggestions.move(1), true),
      ArrowUp: () => text && (suggestions.move(-1), true),
      Escape: () => !suggestions.list.hidden && (suggestions.close(), true),
      Enter: () => text && (this.accept(), true),
      Tab: () => text && suggestions.current && !event.shiftKey && (this.accept(), false),
      Backspace: () => !this.input.value && this.chips.lastElementChild && (this.remove(this.chips.lastElementChild), true),
    }[event.key]?.();
    if (used) event.preventDefault(); // Enter in the empty input is left to the form's default button
  }

  /** Take the highlighted option, or what is typed if its people have not been found yet. */
  accept() {
    const { suggestions } = this;
    if (suggestions.current && suggestions.active >= 0) this.take(suggestions.shown[suggestions.active]);
    else this.takeTyped(suggestions.text, false);
  }

  /** Sending takes what is still typed, as Enter would, and waits until everybody typed is found. */
  async hold(event) {
    if (this.suggestions.text) this.accept();
    if (!this.searches.size) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { target, submitter } = event;
    await Promise.allSettled(this.searches);
    target.requestSubmit(submitter);
  }

  /** A separator ends a name: taken if it is somebody's whole name, new otherwise. */
  separate() {
    if (!/[;,\n]/.test(this.input.value)) return;
    const names = this.input.value.split(/[;,\n]/).map((name) => name.trim()).filter(Boolean);
    this.rest();
    names.forEach((name) => this.takeTyped(name, true));
  }

  /** Line ends part names too; a text input would drop them. */
  paste(event) {
    const text = event.clipboardData.getData("text");
    if (!/[\r\n]/.test(text.trim())) return;
    event.preventDefault();
    this.input.setRangeText(text.replace(/[\r\n]+/g, ";"));
    this.separate();
  }

  click(event) {
    const remove = event.target.closest(".chip-remove");
    if (remove) this.remove(remove.closest("li"));
    else if (event.target.closest(".picker-box")) this.input.focus();
  }
}

class PersonFinder extends HTMLElement {
  connectedCallback() {
    if (!this.dataset.source || this.suggestions) return;
    const input = this.querySelector("input");
    this.suggestions = new Suggestions(input, this.querySelector(".suggestions"), {
      source: this.dataset.source,
      options: (found, text) => [...found, ...this.places(text)],
      take: ({ link, url }) => (link ? link.click() : location.assign(url)),
    });
    input.addEventListener("keydown", (event) => this.key(event));
  }

  /** The pages and acts of the navigation that have a word beginning like the text. */
  places(text) {
    const links = [...document.querySelectorAll(".masthead :is(.destinations, .log, .menu-list) a")];
    return links
      .map((link) => ({ link, name: link.title || link.textContent.trim(), key: link.dataset.key }))
      .filter(({ name }) => fold(name).split(/\s+/).some((word) => word.startsWith(fold(text))));
  }

  key(event) {
    const { suggestions } = this;
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      suggestions.move(event.key === "ArrowDown" ? 1 : -1);
      event.preventDefault();
    } else if (event.key === "Escape" && !suggestions.list.hidden) {
      suggestions.close();
      event.preventDefault();
    } else if (event.key === "Enter" && suggestions.current && suggestions.active >= 0) {
      suggestions.take(suggestions.shown[suggestions.active]);
      event.preventDefault();
    }
  }
}

customElements.define("people-picker", PeoplePicker);
customElements.define("person-finder", PersonFinder);
