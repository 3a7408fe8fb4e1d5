// The form of headteachers, teachers and mentors, kept at every change. The page works without this file: its buttons keep the page.

const form = document.querySelector("form[hx-trigger]");
const kept = document.querySelector("#kept");
const TRY_AGAIN_MS = 5000;
let waiting;

const keep = () => {
  clearTimeout(waiting);
  form.dispatchEvent(new Event("change"));
};
const notKept = () => {
  kept.textContent = "Not kept yet. Trying again.";
  clearTimeout(waiting);
  waiting = setTimeout(keep, TRY_AGAIN_MS);
};

// On a slow connection people tick before the scripts have come: nobody was listening then.
const tickedEarly = () => [...form.elements].some((each) => each.checked !== each.defaultChecked);
document.addEventListener("htmx:load", () => tickedEarly() && keep(), { once: true });

// No connection, or an answer from something in between: say so, and go on trying.
form.addEventListener("htmx:sendError", notKept);
form.addEventListener("htmx:timeout", notKept);
form.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status >= 500) return notKept();
  // Refused, because the survey has closed meanwhile: asking again would not help.
  clearTimeout(waiting);
  kept.textContent = "Not kept. Load this page again to see why.";
});
form.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) clearTimeout(waiting);
});
addEventListener("online", () => waiting && keep());
