// Live is a hint, never content: the stream says that something changed, sections fetch it themselves.
// Here: say when contact is lost and found again, and fetch once more what changed meanwhile.
(() => {
  const GRACE = 4000; // A reconnection takes a moment; only a lasting silence is worth saying.
  const AGAIN = 5000, LONGEST = 60000;
  let lostAt = null, timer = null, heard = new Date(), wait = 0;

  const clock = (when) => when.toLocaleTimeString("sv-SE", { hour: "2-digit", minute: "2-digit" }).replace(":", ".");

  function show() {
    for (const sign of document.querySelectorAll("[data-live]")) {
      const text = lostAt ? sign.dataset.lost.replace("{time}", clock(lostAt)) : sign.dataset.live;
      sign.classList.toggle("off", Boolean(lostAt));
      if (sign.textContent !== text) sign.textContent = text;
    }
  }
  function lose() {
    if (lostAt || timer) return;
    timer = setTimeout(() => { timer = null; lostAt = heard; show(); }, GRACE);
  }
  function find() {
    clearTimeout(timer);
    timer = null;
    heard = new Date();
    if (lostAt) { lostAt = null; show(); }
  }
  // What was announced while we did not listen is lost, so every live section fetches once.
  function catchUp(stream) {
    const topics = new Set();
    for (const section of document.querySelectorAll("[hx-trigger*='from:#live']")) {
      for (const part of section.getAttribute("hx-trigger").split(",")) {
        if (part.includes("from:#live")) topics.add(part.trim().split(/[\s\[]/)[0]);
      }
    }
    for (const topic of topics) htmx.trigger(stream, topic);
  }

  // A stream that was once open is opened again by its extension; one that never was, by us.
  function again(stream) {
    lose();
    wait = Math.min(wait ? 2 * wait : AGAIN, LONGEST);
    setTimeout(() => htmx.ajax("GET", stream.getAttribute("hx-sse:connect"), { source: stream }), wait);
  }

  document.addEventListener("htmx:sse:after:connection", (event) => {
    find();
    if (event.detail.connection.attempt > 0 || wait) catchUp(event.target);
    wait = 0;
  });
  document.addEventListener("htmx:sse:after:message", find);
  document.addEventListener("htmx:sse:error", lose);
  // An answer that is not swapped in is told in words; what was typed stays as it is.
  function tell(kind, said) {
    const box = document.getElementById("failure");
    if (!box) return;
    box.textContent = said ? `${said} ${box.dataset.kept}` : box.dataset[kind];
    box.hidden = false;
  }
  document.addEventListener("htmx:error", (event) => {
    if (event.target.id === "live") return again(event.target);
    // A hint that could not be followed is followed by the next one; only a person's own act is told.
    if (event.target.matches("form, button, a, input, select")) tell("unreached");
  });
  document.addEventListener("htmx:response:error", (event) => {
    const { status, headers } = event.detail.ctx.response;
    if (event.target.id === "live") return again(event.target);
    if (status !== 422 && event.target.matches("form, button, a, input, select")) {
      // The server may say in words for the person why it refused.
      const said = decodeURIComponent(headers.get("x-said") || "");
      tell(status === 429 ? "busy" : status >= 500 ? "failed" : "refused", said);
    }
  });
  document.addEventListener("htmx:before:request", () => {
    const box = document.getElementById("failure");
    if (box) box.hidden = true;
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.action.endsWith("/auth/logout")) return;
    // Whoever logs out leaves nothing behind on a shared phone: no draft, no unsent report.
    try {
      for (const key of Object.keys(localStorage)) if (key.startsWith("kraftsamling-draft-")) localStorage.removeItem(key);
      indexedDB.deleteDatabase("kraftsamling");
    } catch { /* Nothing could be kept either. */ }
  });
  window.addEventListener("offline", lose);
  // A section that has been fetched carries a fresh sign, which must tell the truth as well.
  document.addEventListener("htmx:after:swap", show);

  // The person menu closes with Escape and by a press beside it.
  const close = (except) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
  };
  document.addEventListener("click", (event) => close(event.target.closest("details.menu")));
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });
})();
