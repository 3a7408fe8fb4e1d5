// On a phone the sections stand in a row that scrolls: the one that is open is brought into sight.

document.querySelector(".site-nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
