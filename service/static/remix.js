// What scripts add to pages that work without them: a field that says how much was written, printing, and keys for lists.
"use strict";
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-print]");
  if (button) window.print();
});
for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
for (const example of document.querySelectorAll("[data-example]")) {
  example.addEventListener("click", (event) => {
    const field = document.getElementById(example.dataset.example);
    if (!field) return;
    event.preventDefault();
    field.value = example.dataset.text;
    field.focus();
  });
}
// Keys work only while an entry of the list, or something in it that takes no text, has the focus.
for (const help of document.querySelectorAll("[data-keys-help]")) help.hidden = false;
for (const list of document.querySelectorAll("[data-keys]")) {
  const rows = [...list.querySelectorAll("[data-row]")];
  if (rows.length && new URLSearchParams(location.search).has("fatto")) rows[0].focus({ preventScroll: true });
  list.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, textarea, select")) return;
    const at = rows.indexOf(event.target.closest("[data-row]"));
    const undo = document.querySelector("[data-undo]");
    if (event.key === "j" && rows[at + 1]) rows[at + 1].focus();
    else if (event.key === "k" && rows[at - 1]) rows[at - 1].focus();
    else if (event.key === "u" && undo) undo.click();
    else if (event.key === "Enter" && event.target === rows[at]) rows[at].querySelector("[data-primary]")?.click();
    else return;
    event.preventDefault();
  });
}
