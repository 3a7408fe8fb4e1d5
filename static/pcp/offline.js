// A form that is sent without a connection stays on the page and says so, where the browser would show a page of its own and what was
// filled in could be lost. Without this file the form is sent as any other.

const WORDS = "No connection. What you filled in is still here: try again when it is back.";

for (const alert of document.querySelectorAll("form [data-offline]")) {
  alert.closest("form").addEventListener(
    "submit",
    (event) => {
      alert.textContent = navigator.onLine ? "" : WORDS;
      if (navigator.onLine) return;
      event.preventDefault();
      event.stopImmediatePropagation(); // a button that is pressed only once would be used up
    },
    { capture: true },
  );
  addEventListener("online", () => (alert.textContent = ""));
}
