// What htmx does not do by itself: steps of a map open the side panel; it closes, and gives the focus back.
(() => {
  let opener = null;
  const panel = () => document.getElementById("panel");
  const close = () => {
    panel().replaceChildren();
    if (opener && opener.isConnected) opener.focus();
    opener = null;
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[hx-target='#panel'], .picture a[href*='/steps/']");
    if (link) opener = link;
    if (link && !link.hasAttribute("hx-get") && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
      event.preventDefault();
      htmx.ajax("GET", link.getAttribute("href"), { target: "#panel", swap: "innerHTML" });
    }
    if (event.target.closest("[data-close]")) {
      event.preventDefault();
      close();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && panel().childElementCount) close();
  });
  document.addEventListener("htmx:after:swap", () => {
    const heading = panel().querySelector("h2");
    if (heading && !panel().contains(document.activeElement)) {
      heading.tabIndex = -1;
      heading.focus();
    }
  });
})();
// A slider says its value while it is moved.
document.addEventListener("input", (event) => {
  const told = document.getElementById(event.target.dataset?.tells);
  if (told) told.value = `${event.target.value} %`;
});
// Files that are too large are told before they are sent, which could take an hour.
document.addEventListener("change", (event) => {
  if (!event.target.matches("input[type='file'][data-largest-bytes]")) return;
  const largest = Number(event.target.dataset.largestBytes);
  const total = [...event.target.files].reduce((sum, file) => sum + file.size, 0);
  event.target.setCustomValidity(total > largest ? event.target.dataset.tooLarge : "");
  event.target.reportValidity();
});
