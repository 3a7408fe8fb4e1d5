// Over a region that scrolls sideways, a line that says so: only while some of it is out of sight. Without this file its edges
// are shaded where there is more.

const watch = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const region = target.closest(".scroll");
    region.previousElementSibling.hidden = region.scrollWidth <= region.clientWidth + 1;
  }
});

function begin(part) {
  for (const line of part.querySelectorAll("[data-sideways]")) {
    watch.observe(line.nextElementSibling);
    for (const inside of line.nextElementSibling.children) watch.observe(inside);
  }
}

begin(document);
document.addEventListener("htmx:load", (event) => begin(event.target));
