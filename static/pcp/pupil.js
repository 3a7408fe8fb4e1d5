// Extras for pupil pages; every page works without them.

// A page brought back from memory may belong to the child before: ask the server for it again.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

// "Read it to me": the tablet's own voice, where it has one. Nothing is sent anywhere.
const say = document.querySelector(".say");
if (say && "speechSynthesis" in window) {
  say.hidden = false;
  say.addEventListener("click", () => {
    const lines = document.querySelectorAll("main h1, main .mid, main .pick span, .small .pick span");
    const words = new SpeechSynthesisUtterance([...new Set([...lines].map((line) => line.textContent.trim()))].join(". "));
    words.lang = "en-GB";
    words.rate = 0.9;
    speechSynthesis.cancel();
    speechSynthesis.speak(words);
  });
}
