// The inbox by keyboard: single keys, which can be turned off (WCAG 2.1.4). Every key has its button.
(() => {
  const NAME = "kraftsamling-keys";
  const on = () => { try { return localStorage.getItem(NAME) !== "off"; } catch { return true; } };

  function show() {
    const button = document.querySelector("[data-keys]");
    if (button) button.setAttribute("aria-pressed", String(on()));
  }
  function move(step) {
    const links = [...document.querySelectorAll("[data-case]")];
    const now = links.indexOf(document.activeElement) >= 0 ? links.indexOf(document.activeElement) : links.findIndex((link) => link.ariaCurrent === "true");
    const next = links[Math.min(Math.max(now + step, 0), links.length - 1)];
    if (!next) return;
    next.focus();
    if (next.ariaCurrent !== "true") next.click();
  }
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-keys]")) return;
    try { localStorage.setItem(NAME, on() ? "off" : "on"); } catch { /* They stay on. */ }
    show();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !on()) return;
    if (event.target.closest("input, textarea, select")) return;
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") move(key === "j" ? 1 : -1);
    else if (key === "?") document.querySelector("[data-keys]")?.focus();
    else if (/^[a-z0-9]$/.test(key)) document.querySelector(`#inbox [data-key="${key}"]`)?.click();
    else return;
    event.preventDefault();
  });
  document.addEventListener("htmx:after:swap", show);
  show();
})();
