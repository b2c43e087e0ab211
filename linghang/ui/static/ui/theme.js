// Runs before the first paint: light, dark or as the system says, kept on this machine.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const stored = () => { try { return localStorage.getItem("theme"); } catch { return null; } };

  const show = () => {
    const wish = stored() || "auto";
    root.dataset.bsTheme = wish === "auto" ? (dark.matches ? "dark" : "light") : wish;
    document.querySelectorAll("[data-theme-wish]").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.themeWish === wish));
    });
    document.dispatchEvent(new Event("house:theme"));
  };

  root.classList.add("js");
  show();
  addEventListener("beforeprint", () => {
    root.dataset.bsTheme = "light";
    document.dispatchEvent(new Event("house:theme"));
  });
  addEventListener("afterprint", show);
  dark.addEventListener("change", show);
  document.addEventListener("DOMContentLoaded", show);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-wish]");
    if (!button) return;
    try { localStorage.setItem("theme", button.dataset.themeWish); } catch { /* private mode: this page only */ }
    root.dataset.bsTheme = button.dataset.themeWish;
    show();
  });
})();
