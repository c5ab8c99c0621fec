/* A text to be shared: by the device's share sheet where there is one, by the clipboard, or by links that carry it. */

const area = document.querySelector("[data-share]");
const text = area.querySelector("textarea");
const status = area.querySelector("[role=status]");
const sheet = area.querySelector("[data-share-sheet]");
const copy = area.querySelector("[data-copy]");

sheet.hidden = !navigator.share;
sheet.addEventListener("click", () => navigator.share({ text: text.value }).catch(() => {})); // Dismissed: nothing to say.

copy.addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(text.value);
  } catch {
    text.select(); // Without the permission the text is at least ready for the keys.
    return;
  }
  status.textContent = copy.textContent = copy.dataset.copied;
});

text.addEventListener("input", () => {
  for (const link of area.querySelectorAll("[data-link]")) {
    link.href = `${link.dataset.link}?body=${encodeURIComponent(text.value)}`;
  }
});
