/* Passkeys: form[data-passkey=create|get] asks the browser when it is sent, and goes on as an ordinary form with the
   answer in its field `answer`. data-challenges is where the challenge comes from. Texts stand in [data-passkey-problem]. */
(() => {
  "use strict";
  const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const toText = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const withBytes = (keys) => (keys ?? []).map((key) => ({ ...key, id: toBytes(key.id) }));

  function say(problem) {
    const box = document.querySelector("[data-passkey-problem]");
    box.textContent = problem ? box.dataset[problem] : "";
    box.hidden = !problem;
  }

  async function challenge(form) {
    const answer = await fetch(form.dataset.challenges, { method: "POST", body: new FormData(form), redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  async function create(options) {
    const made = await navigator.credentials.create({ publicKey: {
      ...options,
      challenge: toBytes(options.challenge),
      user: { ...options.user, id: toBytes(options.user.id) },
      excludeCredentials: withBytes(options.excludeCredentials),
    } });
    return { made, response: {
      attestationObject: toText(made.response.attestationObject),
      transports: made.response.getTransports?.() ?? [],
    } };
  }

  async function get(options) {
    const made = await navigator.credentials.get({ publicKey: {
      ...options,
      challenge: toBytes(options.challenge),
      allowCredentials: withBytes(options.allowCredentials),
    } });
    const handle = made.response.userHandle;
    return { made, response: {
      authenticatorData: toText(made.response.authenticatorData),
      signature: toText(made.response.signature),
      userHandle: handle ? toText(handle) : null,
    } };
  }

  async function ask(event) {
    const form = event.target;
    if (!form.dataset?.passkey) return;
    event.preventDefault();
    say(window.PublicKeyCredential ? "" : "unsupported");
    if (!window.PublicKeyCredential) return;
    try {
      const { made, response } = await (form.dataset.passkey === "create" ? create : get)(await challenge(form));
      form.elements.answer.value = JSON.stringify({
        id: made.id,
        rawId: toText(made.rawId),
        type: made.type,
        clientExtensionResults: made.getClientExtensionResults(),
        response: { ...response, clientDataJSON: toText(made.response.clientDataJSON) },
      });
      form.submit();
    } catch (error) {
      say({ NotAllowedError: "cancelled", InvalidStateError: "known" }[error.name] ?? "failed");
    }
  }

  document.addEventListener("submit", ask);
})();
