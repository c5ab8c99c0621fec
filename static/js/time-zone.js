/* Preselects the browser's time zone in a form that has not been sent yet. */

const select = document.querySelector("select[data-guess-time-zone]");
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const sent = select?.form.querySelector("[aria-invalid], .errorlist");

if (select && !sent && [...select.options].some((option) => option.value === zone)) select.value = zone;
