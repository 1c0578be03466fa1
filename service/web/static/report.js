// The report form: keeps what was typed until it has been received, and says when sending failed.
// The form works without this file.
(() => {
  const PREFIX = "kraftsamling-draft-";
  const KEPT = 24 * 3600 * 1000; // What was begun yesterday is more likely to mislead than to help.
  // The id belongs to the draft: what was received although the answer was lost is then stored once.
  const CARRIED = new Set(["area", "place_type", "concern", "seen_before", "action_taken", "police_report"]);
  const SKIPPED = new Set(["_csrf_token", "week"]);

  const form = () => document.querySelector("form[data-draft]");
  const nameOf = (it) => PREFIX + it.dataset.draft;

  function keep(it) {
    if (!it.dataset.draft) return; // Nobody's yet.
    const typed = [...new FormData(it)].filter(([name, value]) => !SKIPPED.has(name) && typeof value === "string");
    try { localStorage.setItem(nameOf(it), JSON.stringify({ at: Date.now(), typed })); } catch { /* No room or not allowed: the form itself still holds it. */ }
  }
  // On a shared phone only one's own draft goes when it is received; what is too old goes, whosever it is.
  function forget(name) {
    try {
      localStorage.removeItem(name);
      for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX) && !fresh(key)) localStorage.removeItem(key);
    } catch { /* Nothing could be kept either. */ }
  }
  function fresh(name) {
    try {
      const draft = JSON.parse(localStorage.getItem(name));
      return draft && Date.now() - draft.at < KEPT ? draft.typed : null;
    } catch { return null; }
  }
  function fill(it, typed) {
    for (const [name, value] of typed) {
      const fields = [...it.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
      const radio = fields.find((field) => field.type === "radio" && field.value === value);
      if (radio) radio.checked = true;
      else if (fields.length && fields[0].type !== "radio") fields[0].value = value;
      else if (CARRIED.has(name) && document.body.hasAttribute("data-shell")) carry(it, name, value);
    }
    const open = it.querySelector("details.all");
    if (open?.querySelector(":checked")) open.open = true;
    it.querySelector("#restored").hidden = false;
  }

  // The shell asks fewer questions than the form; what was answered there stays answered.
  function carry(it, name, value) {
    const field = Object.assign(document.createElement("input"), { type: "hidden", name, value });
    field.dataset.carried = "";
    it.append(field);
  }

  // What has waited in the phone counts its time from when it was filled in.
  function tellSince(it) {
    const said = it.querySelector("#since"), at = new Date(it.elements.filled_at.value);
    said.hidden = Number.isNaN(at.getTime());
    if (said.hidden) return;
    const day = at.toDateString() === new Date().toDateString() ? {} : { weekday: "long" };
    const time = at.toLocaleString("sv-SE", { ...day, hour: "2-digit", minute: "2-digit" });
    said.textContent = said.dataset.said.replace("{time}", time.replace(":", "."));
  }

  // What is about to be sent, in one line above the button, and what its time counts from.
  function summarise(it) {
    tellSince(it);
    const words = [];
    for (const name of ["category", "area", "when"]) {
      if (name === "area" && it.querySelector('[name="place"]:checked')?.value !== "usual") {
        const said = it.querySelector('[name="place"]:checked')?.value !== "map"
          ? it.querySelector('[name="area_name"]').value : it.querySelector("#map-said")?.dataset.name;
        if (said) words.push(said);
        continue;
      }
      const chosen = it.querySelector(`[name="${name}"]:checked`)?.closest("label");
      if (chosen) words.push((chosen.querySelector("span") ?? chosen).textContent.trim());
    }
    it.querySelector("#summary").textContent = it.querySelector('[name="category"]:checked') ? words.join(", ") : "";
  }
  function failed(it, is) {
    const line = it?.querySelector("#failed");
    if (!line) return;
    line.hidden = !is;
    // Said beside the button, where the thumb is; once is enough.
    const general = document.getElementById("failure");
    if (is && general) general.hidden = true;
  }

  // What the guard marked, behind the letters that are typed; stale marks would stand askew.
  function mirror(it) {
    const behind = it.querySelector("#mirror"), marked = it.querySelector("#guard .marked");
    const same = marked && marked.textContent === it.querySelector("#text").value;
    behind.replaceChildren(...(same ? [...marked.cloneNode(true).childNodes] : []));
  }

  // A text that was not typed here is looked through as if it were.
  const look = (it) => it.elements.text.value && it.elements.text.dispatchEvent(new Event("input", { bubbles: true }));

  // The map's script is fetched when the map is opened; it looks at the form when it is there.
  function fetchMap(it) {
    const box = it.querySelector("#map-picker");
    if (!box || box.dataset.fetched || !it.querySelector('[name="place"][value="map"]')?.checked) return;
    box.dataset.fetched = "yes";
    const script = Object.assign(document.createElement("script"), { src: box.dataset.script });
    script.addEventListener("load", () => it.dispatchEvent(new CustomEvent("report:ready", { bubbles: true })));
    script.addEventListener("error", () => { delete box.dataset.fetched; it.querySelector("#map-said").textContent = box.dataset.failed; });
    document.head.append(script);
  }

  function start() {
    const it = form();
    if (document.querySelector("[data-received]")) forget(PREFIX + document.getElementById("waiting").dataset.who);
    if (!it?.dataset.draft || it.dataset.started) return;
    it.dataset.started = "yes";
    // An answer with errors holds what was typed already; only a blank form takes up a draft.
    const answered = it.querySelector("[autofocus]");
    const typed = answered ? null : fresh(nameOf(it));
    // What was taken out of the text must not lie in the draft either.
    if (answered && !document.querySelector("[data-received]")) keep(it);
    if (typed) fill(it, typed);
    summarise(it);
    mirror(it);
    it.dispatchEvent(new CustomEvent("report:ready", { bubbles: true }));
    if (typed) look(it);
  }

  document.addEventListener("input", (event) => {
    const it = event.target.closest("form[data-draft]");
    if (!it) return;
    failed(it, false);
    keep(it);
    summarise(it);
    if (event.target.id === "text") mirror(it);
  });
  document.addEventListener("change", (event) => {
    if (event.target.name === "place" && event.target.form) fetchMap(event.target.form);
  });
  document.addEventListener("report:ready", ({ target }) => fetchMap(target));
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-forget]")) return;
    forget(nameOf(form()));
    location.reload();
  });
  // What waits in the phone and is to be changed, and what has been put there.
  document.addEventListener("report:draft", ({ detail }) => {
    const it = form();
    fill(it, detail);
    keep(it);
    it.dispatchEvent(new CustomEvent("report:ready", { bubbles: true }));
    summarise(it);
    look(it);
  });
  document.addEventListener("report:kept", ({ target }) => {
    forget(nameOf(target));
    target.querySelector("#restored").hidden = true;
    document.getElementById("guard")?.replaceChildren();
    mirror(target);
    summarise(target);
  });
  document.addEventListener("htmx:before:request", (event) => {
    if (event.target === form()) { keep(event.target); failed(event.target, false); }
  });
  // An answer from something else than the form: nothing has been stored. No answer: see queue.js.
  document.addEventListener("htmx:response:error", (event) => {
    const status = event.detail.ctx.response.status;
    if (event.target === form() && status !== 422 && status !== 401) failed(event.target, true);
  });
  document.addEventListener("report:owner", start); // In the shell.
  document.addEventListener("htmx:after:swap", () => { start(); if (form()) mirror(form()); });
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
