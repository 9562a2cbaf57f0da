// What htmx does not do by itself: the side panel closes, and gives the focus back to where it was opened from.
(() => {
  let opener = null;
  const panel = () => document.getElementById("panel");
  const close = () => {
    panel().replaceChildren();
    if (opener && opener.isConnected) opener.focus();
    opener = null;
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[hx-target='#panel'], [data-panel]");
    if (link) opener = link;
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
