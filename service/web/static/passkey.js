// A form with data-passkey asks the browser for a passkey (create or get) before it is sent. The server
// says what to ask (data-ask); the answer travels in the form, and only the server judges it.
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  function readable(options) {
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    for (const list of [options.excludeCredentials, options.allowCredentials]) {
      for (const one of list || []) one.id = bytes(one.id);
    }
    return options;
  }

  function written(credential) {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    }
    return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
  }

  function say(form, kind) {
    const box = form.querySelector("[data-said]");
    box.querySelector("span").textContent = box.dataset[kind];
    box.hidden = false;
  }

  async function ask(form) {
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string" && name !== "credential") body.append(name, value);
    const answer = await fetch(form.dataset.ask, { method: "POST", body, headers: { "HX-Request": "true" } });
    if (!answer.ok) throw new Error(`asked: ${answer.status}`);
    const publicKey = readable(await answer.json());
    return navigator.credentials[form.dataset.passkey]({ publicKey });
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-passkey]");
    if (!form || form.elements.credential.value) return;
    event.preventDefault();
    if (!window.PublicKeyCredential) return say(form, "unable");
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      form.elements.credential.value = written(await ask(form));
      form.submit();
    } catch (error) {
      say(form, error.name === "NotAllowedError" || error.name === "AbortError" ? "stopped" : "failed");
    } finally {
      button.disabled = false;
    }
  });
})();
