// Keeps the running total of the session form in words, the head-count at least at the names ticked, and Save to one tap.
// The page works without this file: the server counts again.

const form = document.querySelector("[data-session-log]");

const noun = (number, one) => `${number.toLocaleString("en-GB")} ${one}${number === 1 ? "" : "s"}`;

// The same rounding as mentors/wording.py: to the nearest quarter of an hour.
function teacherHours(minutes) {
  const quarters = Math.floor((minutes + 7) / 15);
  const whole = Math.floor(quarters / 4);
  const part = ["", "¼", "½", "¾"][quarters % 4];
  const figure = whole || !part ? `${whole.toLocaleString("en-GB")}${part}` : part;
  return `${figure} teacher-hour${minutes > 0 && minutes <= 67 ? "" : "s"}`;
}

function minutesOf() {
  const chosen = form.querySelector("[name=length]:checked")?.value;
  return Number(chosen === "other" ? form.elements.other_minutes.value : chosen) || 0;
}

function showTotal() {
  const counts = [...form.querySelectorAll("[data-came]")].map((field) => Number(field.value) || 0).filter((count) => count > 0);
  const people = counts.reduce((sum, count) => sum + count, 0);
  const minutes = minutesOf();
  form.querySelector("[data-total-people]").textContent = people
    ? `${noun(people, "teacher")}, ${noun(counts.length, "school")}`
    : "Nobody yet";
  form.querySelector("[data-total-hours]").textContent = people && minutes ? teacherHours(people * minutes) : "";
}

function raiseToNames(box) {
  const row = box.closest("li");
  const field = row.querySelector("[data-came]");
  const ticked = row.querySelectorAll("input[type=checkbox]:checked").length;
  if (ticked > (Number(field.value) || 0)) field.value = ticked;
}

function saveOnce(event) {
  const button = form.querySelector("[type=submit]");
  if (button.getAttribute("aria-disabled") === "true") event.preventDefault();
  button.setAttribute("aria-disabled", "true");
}

if (form) {
  form.addEventListener("input", (event) => {
    if (event.target.type === "checkbox") raiseToNames(event.target);
    showTotal();
  });
  form.addEventListener("submit", saveOnce);
  // The page may come back from the browser's memory with the button still off.
  window.addEventListener("pageshow", () => {
    form.querySelector("[type=submit]").removeAttribute("aria-disabled");
    showTotal();
  });
}
