/*
 * The keys of every page. A link or button names its own: data-key="t" or, for two keys in a row, data-key="g c".
 * `?` lists them, together with those of <template id="keys">.
 */

const BETWEEN = 1500; // milliseconds that may pass between the two keys of a pair
const ROWS = "main :is(.people, .sentences, .rows) > li"; // what j and k go through

const sheet = document.getElementById("sheet");
const typing = (target) => target.matches("input, textarea, select, [contenteditable]");
const visible = (element) => element.checkVisibility();

function find() {
  if (sheet.open) return;
  const input = [...document.querySelectorAll("[data-find], #find")].find(visible);
  if (input) {
    input.focus();
    input.select();
  } else document.querySelector(".finder-link")?.click();
}

/** Open the quick log in a mode: on the page if it is there already, otherwise in the sheet. */
function log(mode) {
  const choice = document.querySelector(`main .quick-log [name=mode][value=${mode}]`);
  if (!choice) return document.querySelector(`.composer [data-mode=${mode}]`)?.click();
  choice.checked = true;
  pickPeople(choice);
}

function pickPeople(choice) {
  choice.closest(".quick-log").querySelector("people-picker input[type=text]").focus();
}

/** Move the focus to the next or previous row of the page's lists. */
function step(by) {
  const rows = [...document.querySelectorAll(ROWS)].filter((row) => row.querySelector("a[href]"));
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const row = rows[here < 0 ? (by > 0 ? 0 : rows.length - 1) : here + by];
  row?.querySelector("a[href]").focus();
}

const named = () => [...document.querySelectorAll("[data-key]")];

function listKeys() {
  const list = document.getElementById("keys").content.cloneNode(true);
  for (const place of named()) {
    const [key, words] = ["dt", "dd"].map((tag) => document.createElement(tag));
    key.textContent = place.dataset.key;
    words.textContent = place.textContent.trim();
    list.querySelector("dl").append(key, words);
  }
  document.getElementById("sheet-body").replaceChildren(list);
  sheet.setAttribute("aria-label", sheet.querySelector("h2").textContent);
  sheet.showModal();
}

const KEYS = {
  "/": find,
  "?": listKeys,
  l: () => log("give"),
  n: () => log("give"),
  w: () => log("receive"),
  h: () => log("heard"),
  j: () => step(1),
  k: () => step(-1),
};

let first = "";

document.addEventListener("keydown", (event) => {
  const withModifier = event.ctrlKey || event.metaKey || event.altKey;
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    find();
  } else if (!withModifier && !typing(event.target) && !sheet.open) {
    const pair = first && `${first} ${event.key}`;
    const place = named().find((each) => each.dataset.key === (pair || event.key));
    const act = place ? () => place.click() : !pair && KEYS[event.key];
    first = !pair && event.key === "g" ? "g" : "";
    if (first) setTimeout(() => (first = ""), BETWEEN);
    if (!act) return;
    event.preventDefault();
    act();
  }
});

if (location.hash === "#find") document.getElementById("find")?.focus();

/* After a tap on a mode of the quick log, the people are next; the arrow keys stay among the modes. */

document.addEventListener("click", (event) => {
  if (event.detail && event.target.matches(".quick-log [name=mode]")) pickPeople(event.target);
});
