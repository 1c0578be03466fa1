// Reports that could not be sent wait in the phone, and go once each when the network is back: every
// report has an id of its own, one page at a time sends, and the server stores an id once.
(() => {
  const CHANGE = "andra"; // In an address: the id of what is to be changed there.
  const KEPT = 7 * 24 * 3600 * 1000;
  const AGAIN = 20000;
  const NO_NETWORK = 0;
  const FIRST = { place: "usual", when: "now", bucket: "unknown" }; // What a blank form has chosen.
  const UNKEPT = new Set(["_csrf_token", "week", "more", "take_out"]);
  const UNTYPED = new Set([...UNKEPT, "report_id", "filled_at", ...Object.keys(FIRST)]); // Stand in a blank form.
  const slug = location.pathname.split("/")[1];
  const shell = document.body.hasAttribute("data-shell");
  const now = {}; // What each report is doing in this page: sends, login, change, failed, refused.
  const sent = []; // What this page has seen received.
  let who = null;

  // A row: {id, slug, who, fields: [[name, value]], words, at, begun}. Nothing else of a person is kept.
  // What is only begun waits for the one who began it and is not sent.
  const opened = () => idb.openDB("kraftsamling", 1, {
    upgrade(db) { db.createObjectStore("queue", { keyPath: "id" }); db.createObjectStore("owner", { keyPath: "slug" }); },
    blocking(_old, _new, event) { event.target.close(); }, // Logging out deletes it.
  });
  async function all(store) { const db = await opened(); try { return await db.getAll(store); } finally { db.close(); } }
  async function put(store, row) { const db = await opened(); try { await db.put(store, row); } finally { db.close(); } }
  async function drop(id) { const db = await opened(); try { await db.delete("queue", id); } finally { db.close(); } }
  async function mine() {
    const rows = [];
    for (const row of await all("queue")) {
      if (Date.now() - row.at > KEPT) await drop(row.id);
      else if (row.slug === slug && row.who === who) rows.push(row);
    }
    return rows.sort((a, b) => a.at - b.at);
  }

  const form = () => document.querySelector("form[data-draft]");
  // A question's group has the same name as its field, so that `elements` would give both.
  const named = (it, name) => it.querySelector(`[name="${name}"]`);
  const clock = (at) => new Date(at).toLocaleTimeString("sv-SE", { hour: "2-digit", minute: "2-digit" }).replace(":", ".");
  async function keep(it, begun = false) {
    const fields = [...new FormData(it)].filter(([name, value]) => !UNKEPT.has(name) && (begun || name !== "filled_at") && typeof value === "string");
    const id = it.elements.report_id.value || crypto.randomUUID();
    // What comes back after a change is from when it was filled in: "now" and "today" mean then.
    const row = { id, slug, who, fields, words: it.querySelector("#summary").textContent, at: (!begun && Date.parse(it.elements.filled_at.value)) || Date.now(), begun };
    row.fields = row.fields.filter(([name]) => name !== "report_id").concat([["report_id", id]]);
    await put("queue", row);
    blank(it);
    await draw();
    if (!begun) document.getElementById("h-waiting").focus();
  }
  const isTouched = (it) => [...new FormData(it)].some(([name, value]) => value && !UNTYPED.has(name));
  // All of it, also what the server had filled in and what lies in hidden fields: a form's own reset
  // leaves both, and the next report would be sent with the last one's position.
  function blank(it) {
    for (const field of it.querySelectorAll("input, textarea, select")) {
      if (UNKEPT.has(field.name)) continue;
      if (["radio", "checkbox"].includes(field.type)) field.checked = FIRST[field.name] === field.value;
      else field.value = "";
    }
    if (shell) named(it, "place").value = "search";
    for (const field of it.querySelectorAll("[data-carried]")) field.remove();
    it.elements.report_id.value = crypto.randomUUID();
    for (const said of it.querySelectorAll(".said[autofocus], p.error")) said.remove();
    for (const field of it.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
    it.dispatchEvent(new CustomEvent("report:kept", { bubbles: true }));
  }

  async function draw() {
    const section = document.getElementById("waiting");
    const rows = await mine();
    const lines = [...rows.map((row) => ({ row, state: row.begun ? "begun" : now[row.id]?.state ?? "waits" })), ...sent.map((row) => ({ row, state: "sent" }))];
    section.hidden = !lines.length;
    document.getElementById("queue").replaceChildren(...lines.map(({ row, state }) => line(section, row, state)));
    document.getElementById("offline").hidden = navigator.onLine && !shell;
  }
  function line(section, row, state) {
    const item = document.getElementById("queue-row").content.firstElementChild.cloneNode(true);
    const sign = document.getElementById("queue-signs").content.querySelector(`[data-sign="${state}"]`);
    item.querySelector(".sign").append(...sign.cloneNode(true).childNodes);
    item.querySelector("b").textContent = row.words || section.dataset.report;
    item.querySelector("small").textContent = section.dataset[state].replace("{time}", clock(row.at)).replace("{reason}", now[row.id]?.reason ?? "");
    const act = document.getElementById("queue-acts").content.querySelector(`[data-act="${["waits", "refused"].includes(state) ? "change" : state}"]`);
    if (act) {
      const button = act.cloneNode(true);
      button.dataset.id = row.id;
      if (state === "login") button.href = `/logga-in?next=/${slug}/rapportera`;
      item.querySelector(".do").append(button);
    }
    return item;
  }

  // One page at a time; the others find the queue empty afterwards.
  const send = () => (navigator.locks ? navigator.locks.request("kraftsamling-queue", { ifAvailable: true }, (lock) => lock && sendAll()) : sendAll());
  async function sendAll() {
    const rows = (await mine()).filter((row) => !row.begun && now[row.id]?.state !== "change");
    if (!rows.length) return;
    const key = await ask(rows);
    if (!key) return;
    // One that is not taken holds up nobody: it goes last the next time. Two in a row that the server
    // fails at are the server's trouble, and then all wait.
    const failed = (row) => ["failed", "refused"].includes(now[row.id]?.state);
    let broken = 0;
    for (const row of rows.sort((a, b) => failed(a) - failed(b) || a.at - b.at)) {
      now[row.id] = { state: "sends" };
      await draw();
      const status = await sendOne(row, key.token);
      broken = status >= 500 ? broken + 1 : 0;
      if ([NO_NETWORK, 401, 429].includes(status) || broken > 1) break;
    }
    await draw();
  }
  async function ask(rows) {
    const mark = async (state) => { for (const row of rows) now[row.id] = { state }; await draw(); return null; };
    try {
      const answer = await fetch(`/${slug}/rapportera/nyckel`, { headers: { accept: "application/json" }, cache: "no-store" });
      if (answer.status === 401) return mark("login");
      if (!answer.ok) return mark("failed");
      const key = await answer.json();
      return key.who === who ? key : null; // Somebody else is logged in: the owner's wait.
    } catch { return null; }
  }
  // The answer's status, or NO_NETWORK.
  async function sendOne(row, token) {
    const body = new URLSearchParams([...row.fields, ["filled_at", new Date(row.at).toISOString()]]);
    let answer;
    try {
      answer = await fetch(`/${slug}/rapportera`, { method: "POST", body, headers: { "x-csrftoken": token, "hx-request": "true", accept: "text/html" } });
    } catch {
      delete now[row.id];
      return NO_NETWORK;
    }
    const { ok, status } = answer;
    if (ok) {
      await drop(row.id);
      delete now[row.id];
      sent.push({ ...row, at: Date.now() });
    } else if (status === 422) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      now[row.id] = { state: "change", reason: page.querySelector(".error li, p.error span")?.textContent ?? "" };
    } else {
      now[row.id] = { state: status === 401 ? "login" : status === 429 || status >= 500 ? "failed" : "refused" };
    }
    return status;
  }

  async function change(id) {
    const it = form();
    if (!it) return location.assign(`/${slug}/rapportera?${CHANGE}=${id}`); // A receipt; the next page has one.
    const row = (await mine()).find((one) => one.id === id);
    if (!row || it.querySelector(".go").disabled) return; // What is being sent gives its place to an answer.
    // Two reports never mix, and what was being typed is not lost: it waits for its turn.
    if (isTouched(it)) await keep(it, true);
    else blank(it);
    const fields = row.begun ? row.fields : [...row.fields, ["filled_at", new Date(row.at).toISOString()]];
    document.dispatchEvent(new CustomEvent("report:draft", { detail: fields }));
    await drop(id);
    delete now[id];
    await draw();
    it.scrollIntoView();
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("#queue [data-act]");
    if (["change", "begun"].includes(button?.dataset.act)) await change(button.dataset.id);
    if (button?.dataset.act === "failed") { delete now[button.dataset.id]; await send(); }
    if (event.target.closest("[data-position]")) position();
  });
  // A report has one place: what was said last, the position or a name.
  function place(it, coords) {
    named(it, "place").value = coords ? "map" : "search";
    it.elements.latitude.value = coords?.latitude.toFixed(4) ?? "";
    it.elements.longitude.value = coords?.longitude.toFixed(4) ?? "";
    if (coords) it.elements.area_name.value = "";
    tellPosition(it);
  }
  // An area that was chosen in the form itself, where the shell has none to choose among.
  const hasArea = (it) => named(it, "place").value === "usual" && named(it, "area");
  function tellPosition(it) {
    const said = document.getElementById("position");
    said.textContent = it.elements.latitude.value ? said.dataset.found : hasArea(it) ? said.dataset.chosen : "";
  }
  function position() {
    const it = form(), said = document.getElementById("position");
    const asked = () => it.elements.report_id.value + it.elements.area_name.value, before = asked();
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      if (asked() !== before) return; // It was saved, or a name was written, before the position came.
      place(it, coords);
      it.elements.latitude.dispatchEvent(new Event("input", { bubbles: true })); // The draft holds it.
    }, () => { said.textContent = said.dataset.nowhere; }, { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 });
  }

  // The shell has no other way out than the queue.
  if (shell) {
    document.addEventListener("submit", async (event) => {
      const it = event.target.closest("form[data-draft]");
      if (!it) return;
      event.preventDefault();
      const somewhere = it.elements.area_name.value.trim() || it.elements.latitude.value || hasArea(it);
      const unfinished = !it.querySelector('[name="category"]:checked') || !somewhere;
      document.getElementById("unfinished").hidden = !unfinished;
      if (unfinished) return document.getElementById("category").scrollIntoView();
      await keep(it);
      send();
    });
    document.addEventListener("input", (event) => { if (event.target.id === "area_name") place(form()); });
    for (const name of ["report:ready", "report:kept"]) document.addEventListener(name, ({ target }) => tellPosition(target));
  }
  // No answer from the server: what was filled in waits instead of being lost.
  document.addEventListener("htmx:error", async (event) => {
    const it = form();
    if (!it || shell || event.target !== it) return;
    document.getElementById("failure").hidden = true; // Nothing is wrong: it is kept.
    // An id that was received although the answer was lost is received once, whoever sends it again.
    await keep(it);
  });
  window.addEventListener("online", () => { draw(); send(); });
  window.addEventListener("offline", draw);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
  // Another tab may have sent what this one shows as waiting.
  setInterval(() => { draw(); if (navigator.onLine) send(); }, AGAIN);

  (async () => {
    const it = form();
    if (shell) {
      who = (await all("owner")).find((one) => one.slug === slug)?.who ?? null;
      // The shell is the same for everybody; what is begun in it belongs to one person in one municipality.
      it.dataset.draft = `utan-nat-${slug}-${who}`;
      it.dispatchEvent(new CustomEvent("report:owner", { bubbles: true }));
      it.elements.report_id.value ||= crypto.randomUUID();
    } else {
      who = document.getElementById("waiting").dataset.who;
      await put("owner", { slug, who });
      navigator.serviceWorker?.register("/sw.js", { scope: `/${slug}/rapportera` }).catch(() => {});
    }
    const id = new URLSearchParams(location.search).get(CHANGE);
    if (id) {
      history.replaceState(null, "", location.pathname);
      await change(id);
    }
    await draw();
    await send();
  })();
})();
