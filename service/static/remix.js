// What scripts add to pages that work without them: a field that says how much was written, and printing.
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
