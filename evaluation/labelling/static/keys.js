// Keys for the page: each control names its own in data-keys, so that the page and this file cannot disagree.
"use strict";

const shortcuts = document.getElementById("shortcuts");
const STORED = "remix-label-shortcuts";

if (shortcuts) {
  shortcuts.closest("[hidden]").hidden = false;
  shortcuts.checked = localStorage.getItem(STORED) !== "off";
  shortcuts.addEventListener("change", () => {
    localStorage.setItem(STORED, shortcuts.checked ? "on" : "off");
    showKeys();
  });
}

function active() {
  return !shortcuts || shortcuts.checked;
}

function showKeys() {
  document.documentElement.classList.toggle("with-keys", active());
}

function use(control) {
  if (control.type === "radio") {
    control.checked = true;
    control.focus();
  } else if (control.type === "text") {
    control.focus();
  } else {
    control.click();
  }
}

function onKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.isComposing) {
    return;
  }
  const { target } = event;
  if (target.type === "text") {
    if (event.key === "Escape") {
      target.blur();
    }
    return;
  }
  // Enter on a link, a button or a field already means something to the browser.
  if (!active() || (event.key === "Enter" && target.matches("a, button, input"))) {
    return;
  }
  const key = event.key.toLowerCase();
  const control = [...document.querySelectorAll("[data-keys]")].find((one) => one.dataset.keys.split(" ").includes(key));
  if (control) {
    event.preventDefault();
    use(control);
  }
}

document.addEventListener("keydown", onKey);
showKeys();
