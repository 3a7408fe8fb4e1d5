// A form that takes some seconds: says so when it is sent, and is sent once. The page works without this file.

const form = document.querySelector("form[data-busy]");

if (form) {
  const button = form.querySelector("[type=submit]");
  const status = form.querySelector("[role=status]");
  const words = status.textContent;

  form.addEventListener("submit", (event) => {
    if (button.getAttribute("aria-disabled") === "true") event.preventDefault();
    button.setAttribute("aria-disabled", "true");
    status.textContent = form.dataset.busy;
  });
  // The page may come back from the browser's memory with the button still off.
  window.addEventListener("pageshow", () => {
    button.removeAttribute("aria-disabled");
    status.textContent = words;
  });
}
