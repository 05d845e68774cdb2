// What our staff pages do beyond htmx: copying as text, and rows of a form that come and go.
"use strict";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const words = button.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "Copied";
  } catch {
    // The browser lets pages copy only over HTTPS or on this machine.
    button.textContent = "Copying is not allowed here";
  }
  setTimeout(() => { button.textContent = words; }, 2000);
});

document.addEventListener("click", (event) => {
  const add = event.target.closest("[data-add-row]");
  if (add) {
    const list = document.getElementById(add.dataset.addRow);
    const template = list.querySelector("template");
    const number = Number(list.dataset.next);
    list.dataset.next = number + 1;
    const row = template.content.cloneNode(true);
    row.querySelectorAll("[name]").forEach((input) => { input.name = input.name.replace("__row__", number); });
    list.insertBefore(row, template);
    list.querySelector(":scope > .row:last-of-type input, :scope > .row:last-of-type select")?.focus();
  }
  const remove = event.target.closest("[data-remove-row]");
  if (remove) {
    const form = remove.closest("form");
    remove.closest(".row").remove();
    form.dispatchEvent(new Event("change", { bubbles: true }));
  }
});

// Whoever was signed out meanwhile is asked to sign in on a page of its own, not inside a part of this one.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (new URL(event.detail.xhr.responseURL).pathname === location.pathname) return;
  event.detail.shouldSwap = false;
  location.reload();
});
