/* What every page can do: the sheet, the menu, toasts, and what happens when the server or the session is gone. */

const sheet = document.getElementById("sheet");
const toasts = document.getElementById("toasts");
const SEEN = 9000; // milliseconds after which a toast without a button goes

/* After a confirmation, what was typed before is sent again. */

document.querySelector("form[data-send-at-once]")?.requestSubmit();

/* Enter in a search that is part of a larger form finds, and does not send the form. */

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("form[method=post] input[type=search]")) event.preventDefault();
});

/* The menu, and the answers to a suggestion, close when one goes elsewhere. */

const MENUS = "details.menu, details.answers";

function closeMenus(exceptFor) {
  for (const menu of document.querySelectorAll(MENUS)) if (menu !== exceptFor) menu.open = false;
}

function leaveMenu() {
  const menu = [...document.querySelectorAll(MENUS)].find((each) => each.open);
  closeMenus();
  menu?.querySelector("summary").focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") leaveMenu();
});

for (const kind of ["click", "focusin"]) {
  document.addEventListener(kind, (event) => closeMenus(event.target.closest(MENUS)));
}

/* What held the focus may be gone after an answer: then the part of the page that is new has it. */

let focusGoes = false;

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  focusGoes = detail.target.contains(document.activeElement);
});

document.addEventListener("htmx:afterSwap", ({ detail: { target } }) => {
  if (!focusGoes || document.activeElement !== document.body || !target.isConnected) return;
  target.tabIndex = -1;
  target.focus({ preventScroll: true });
});

/* The sheet opens once its content is there, and gives the first field the focus. */

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "sheet-body") return;
  const heading = event.detail.target.querySelector("h1, h2");
  if (heading) sheet.setAttribute("aria-label", heading.textContent.trim());
  if (!sheet.open) sheet.showModal();
  const field = event.detail.target.querySelector("[aria-invalid=true], [autofocus]");
  field?.focus();
});

sheet.addEventListener("close", () => document.getElementById("sheet-body").replaceChildren());

sheet.addEventListener("pointerdown", (event) => {
  if (event.target === sheet) sheet.close(); // outside of it
});

document.addEventListener("close-sheet", () => sheet.close()); // HX-Trigger: close-sheet

/* Dialogs of a page: <button data-opens="id-of-dialog">. */

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens).showModal();
});

/* Toasts: one that can be undone stays until it is dismissed, others go by themselves. */

function attend(toast) {
  const dismiss = toast.querySelector("[data-dismiss]");
  dismiss.hidden = false;
  dismiss.addEventListener("click", () => toast.remove());
  if (toast.querySelector("form")) return;
  const leave = () => setTimeout(() => (toast.matches(":hover, :focus-within") ? leave() : toast.remove()), SEEN);
  leave();
}

new MutationObserver((changes) => {
  const added = changes.flatMap((change) => [...change.addedNodes]);
  added.filter((node) => node.matches?.(".toast")).forEach(attend);
}).observe(toasts, { childList: true });

// A screen reader reads what is added to the region, not what came with the page.
const arrived = [...toasts.children];
toasts.replaceChildren();
setTimeout(() => toasts.append(...arrived), 100);

// A modal dialog makes the rest of the page inert, so the toasts move into it while it is open.
new MutationObserver(() => (sheet.open ? sheet : document.body).append(toasts)).observe(sheet, {
  attributeFilter: ["open"],
});

/* The server is gone, or the session has ended. */

function signIn() {
  const here = location.pathname + location.search;
  location.assign(`${document.body.dataset.login}?next=${encodeURIComponent(here)}`);
}

function connectionLost() {
  toasts.replaceChildren(document.getElementById("connection-lost").content.cloneNode(true));
}

document.addEventListener("session-expired", signIn);
document.addEventListener("htmx:sendError", connectionLost);
document.addEventListener("htmx:timeout", connectionLost);
document.addEventListener("htmx:responseError", connectionLost);
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  const answered = xhr.responseURL && new URL(xhr.responseURL).pathname;
  if (answered === document.body.dataset.login && answered !== location.pathname) {
    event.detail.shouldSwap = false;
    signIn();
  }
});
