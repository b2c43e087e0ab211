// Results typed where the network comes and goes: they stay on the page, and are sent once as soon as they can be.
(() => {
  const form = () => document.querySelector("form.entry");
  const told = () => document.querySelector(".entry .unsent");
  const lost = (event) => {
    if (event.target !== form()) return;
    told().hidden = false;
    told().scrollIntoView({ block: "center" });
  };
  const again = () => { if (told() && !told().hidden) { told().hidden = true; form().requestSubmit(); } };

  document.addEventListener("htmx:sendError", lost);
  document.addEventListener("htmx:timeout", lost);
  document.addEventListener("click", (event) => { if (event.target.closest("[data-retry]")) again(); });
  addEventListener("online", again);
})();
